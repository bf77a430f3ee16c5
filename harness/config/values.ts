import { z } from 'zod';
import { LONGEST_DURATION_MS } from '../model/limits.ts';

// Schemas from text, as flags and environment give it; each says what it expects in words.

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const UNITS_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
};

/** `500ms`, `5s`, `2m`, `1h` → ms */
export const duration = fromText(/^(\d+(?:\.\d+)?)(ms|s|m|h)$/, ([, amount = '', unit = '']) => {
  const ms = Number(amount) * (UNITS_MS[unit] ?? Number.NaN);
  return ms > 0 && ms <= LONGEST_DURATION_MS ? ms : undefined;
});

/** `32MiB`, `1MB`, `500` → bytes */
export const size = fromText(/^(\d+)\s*(B|KiB|MiB|GiB|kB|MB|GB)?$/, ([, amount = '', unit = '']) => {
  const bytes = Number(amount) * (UNITS_BYTES[unit] ?? Number.NaN);
  return bytes > 0 && bytes <= 2 ** 30 ? bytes : undefined;
});

/** Schema and words of a whole number between two bounds, for a row of the options. */
export function wholeNumber(least: number, most: number) {
  return { schema: integer(least, most), expected: `a whole number from ${least} to ${most}` } as const;
}

/** Schema and words of a number between two bounds, for a row of the options. */
export function anyNumber(least: number, most: number) {
  return { schema: decimal(least, most), expected: `a number from ${least} to ${most}` } as const;
}

export function integer(least: number, most: number) {
  return fromText(/^\d+$/, ([text]) => within(Number(text), least, most));
}

export function decimal(least: number, most: number) {
  return fromText(/^\d+(\.\d+)?$/, ([text]) => within(Number(text), least, most));
}

/**
 * `http://host:port/path`, with or without userinfo. A bare `@` in the path is refused: `http://me:80/pw@host` is read as
 * host `me`, and the rest of the password would be sent there and shown as a path.
 */
export const url = z.string().transform((text, context) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  const fits =
    parsed !== undefined &&
    /^https?:$/.test(parsed.protocol) &&
    parsed.search === '' &&
    parsed.hash === '' &&
    !parsed.pathname.includes('@');
  if (!fits) {
    const hint = text.includes('@') ? 'with / ? # @ and spaces as %2F %3F %23 %40 %20 outside their roles' : undefined;
    context.addIssue({ code: 'custom', message: 'not such a URL', ...(hint !== undefined && { params: { hint } }) });
    return z.NEVER;
  }
  return parsed;
});

/** A name and a value of an HTTP header (RFC 9110 §5.1, §5.5); anything else would fail only when it is sent. */
export const header = fromText(
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\u0080-\u00ff]*?)[ \t]*$/,
  ([, name = '', value = '']) => [name.toLowerCase(), value] as const,
);

/** A Host header: name or address, with or without port. */
export const host = fromText(/^[A-Za-z0-9._-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/, ([text]) => text);

/** A name for SNI: never an address (RFC 6066 §3). */
export const serverName = fromText(/^[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*$/, ([text]) => text);

/** `<host>:<port>:<address>`, as curl's `--resolve` has it. */
export const resolution = fromText(
  /^([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]):(\d{1,5}):([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])$/,
  ([, name = '', port = '', address = '']) => ({ host: name.toLowerCase(), port: Number(port), address }),
);

/** A name of a Kubernetes object (RFC 1123 label or subdomain). */
export const objectName = fromText(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, ([text]) => text);

/** `<name>,…` */
export const objectNames = fromText(/^[a-z0-9]([a-z0-9.,-]*[a-z0-9])?$/, ([text]) =>
  text.split(',').filter((name) => name !== ''),
);

/** `<namespace>/<name>` */
export const objectId = fromText(/^([a-z0-9-]+)\/([a-z0-9.-]+)$/, ([, namespace = '', name = '']) => ({
  namespace,
  name,
}));

/** `<service>=<version>:<weight>,…` */
export const shares = fromText(/^([a-z0-9.-]+)=([^=]+)$/, ([, service = '', list = '']) => {
  const weights = new Map<string, number>();
  for (const part of list.split(',')) {
    const [, version, weight] = /^([A-Za-z0-9._-]+):(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    if (version === undefined || weights.has(version)) return undefined;
    weights.set(version, Number(weight));
  }
  const some = [...weights.values()].some((weight) => weight > 0);
  return some ? { service, weights: Object.fromEntries(weights) } : undefined;
});

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}

/** What matches and makes sense; undefined from `read` means that it does not. */
/** A schema of text that a pattern reads; what does not fit it, or what `read` refuses, is a problem. */
export function fromText<T>(pattern: RegExp, read: (match: RegExpExecArray) => T | undefined) {
  return z.string().transform((text, context): T => {
    const match = pattern.exec(text.trim());
    const value = match === null ? undefined : read(match);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: 'does not fit' });
    return z.NEVER;
  });
}

/** The address of a page, with its query; a fragment is for the place in it. */
export const webPage = z.string().refine((text) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  return parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.hash === '' && parsed.username === '';
});
