import { type OptionName, optionDefinition } from './options.ts';
import { secretPlaceholder } from './server.ts';

/** An option's value where a person sees it: secrets never, URLs without userinfo, objects as JSON, the rest as given. */
export function shown(name: OptionName, value: unknown, raw: unknown): string {
  if (optionDefinition(name).secret) return secretPlaceholder(name, value);
  // Its headers may hold secrets.
  if (name === 'application' && typeof value === 'object') return 'its definition';
  if (name === 'report' && Array.isArray(value)) return value.join(', ');
  return value instanceof URL ? withoutUserinfo(value).href : printable(raw);
}

/**
 * Also where the URL is wrong its userinfo is a secret, and then its beginning and end are not known: the scheme may
 * be missing, the password may hold `/`, `@` or spaces. So nothing before the last `@` is shown but the scheme.
 */
export function printable(raw: unknown): string {
  const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? String(raw));
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, (_, scheme: string | undefined) => `${scheme ?? ''}…@`);
}

function withoutUserinfo(url: URL): URL {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy;
}
