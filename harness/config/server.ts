import type { Proxies } from '../model/proxies.ts';
import type { OptionName } from './options.ts';
import { addressFor, type Resolution } from './resolutions.ts';
import type { ClientCertificate, Server, Settings } from './settings.ts';

interface Access {
  readonly headers: readonly (readonly [string, string])[] | undefined;
  readonly ca: string | undefined;
  readonly insecure: boolean | undefined;
  readonly basic?: { readonly user: string; readonly password: string };
  readonly token?: string;
  readonly certificate?: ClientCertificate | undefined;
  readonly sni?: string | undefined;
  readonly resolutions?: readonly Resolution[];
  readonly proxies?: Proxies;
}

/** Joins a URL and all that opens its door; userinfo becomes basic authentication (RFC 7617) and leaves the URL. */
export function makeServer(which: 'ingress' | 'traces', given: URL | undefined, access: Access): Server | undefined {
  if (given === undefined) return undefined;
  const url = new URL(given);
  const address = addressFor(url, access.resolutions ?? []);
  const user = decoded(url.username);
  const password = decoded(url.password);
  url.username = '';
  url.password = '';
  const basic = access.basic ?? (user === '' && password === '' ? undefined : { user, password });
  const headers: (readonly [string, string])[] = [...(access.headers ?? [])];
  if (basic !== undefined)
    headers.push(['authorization', `Basic ${Buffer.from(`${basic.user}:${basic.password}`).toString('base64')}`]);
  if (access.token !== undefined) headers.push(['authorization', `Bearer ${access.token}`]);
  return {
    url,
    headers,
    placeholders: headers.map(([name]) => headerPlaceholder(which, name)),
    ...(access.ca !== undefined && { ca: access.ca }),
    insecure: access.insecure ?? false,
    ...(access.certificate !== undefined && { certificate: access.certificate }),
    ...(access.sni !== undefined && { sni: access.sni }),
    ...(address !== undefined && { address }),
    ...(access.proxies !== undefined && { proxies: access.proxies }),
  };
}

/** Userinfo as it was meant; a `%` that begins no escape is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A shell variable that holds the header's value: `$INGRESS_AUTHORIZATION`. */
function headerPlaceholder(which: string, name: string): string {
  return `$${which.toUpperCase()}_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** How a secret option is written where a person sees it. */
export function secretPlaceholder(name: OptionName, value: unknown): string {
  if (!Array.isArray(value)) return `$HOPCHECK_${name.toUpperCase().replaceAll('-', '_')}`;
  const which = name.split('-')[0] ?? '';
  return value.map(([header]: [string, string]) => `${header}: ${headerPlaceholder(which, header)}`).join(', ');
}

/** Shorter ones, such as an empty password, are found everywhere and give nothing away. */
const SHORTEST_SECRET = 4;

/**
 * Everything that must not be seen of these settings, with what to write instead; for the redactor, which also looks for
 * its URL-encoded and base64 forms.
 */
export function secretsOf({
  ingress,
  traceBackend,
}: Pick<Settings, 'ingress' | 'traceBackend'>): { value: string; placeholder: string }[] {
  return secretsOfServers([ingress, traceBackend]);
}

/** The same of single servers. */
export function secretsOfServers(servers: readonly Server[]): { value: string; placeholder: string }[] {
  return servers.flatMap(({ headers, placeholders, ca, certificate, proxies }) => [
    ...headers.flatMap(([, value], index) => {
      const placeholder = placeholders[index] ?? '$SECRET';
      return parts(value)
        .filter((part) => part.length >= SHORTEST_SECRET)
        .map((part) => ({ value: part, placeholder }));
    }),
    ...(ca === undefined ? [] : [{ value: ca, placeholder: '$CA' }]),
    ...(certificate === undefined
      ? []
      : [
          { value: certificate.key, placeholder: '$INGRESS_KEY' },
          { value: certificate.cert, placeholder: '$INGRESS_CERT' },
        ]),
    ...[proxies?.http, proxies?.https].flatMap((proxy) =>
      proxy === undefined
        ? []
        : proxySecrets(new URL(proxy.url)).map((value) => ({ value, placeholder: `$${proxy.from}` })),
    ),
  ]);
}

/** What its userinfo is sent as, and the password in it. */
function proxySecrets(proxy: URL): string[] {
  const [user, password] = [decoded(proxy.username), decoded(proxy.password)];
  if (user === '' && password === '') return [];
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  return [proxy.href, credentials, `${user}:${password}`, password, proxy.password].filter(
    (text) => text.length >= SHORTEST_SECRET,
  );
}

/** The value, what follows its scheme, and the user and password inside a basic one. */
function parts(value: string): string[] {
  const [, scheme, credentials] = /^(Basic|Bearer)\s+(\S+)$/i.exec(value) ?? [];
  if (credentials === undefined) return [value];
  if (scheme?.toLowerCase() !== 'basic') return [value, credentials];
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  return [value, credentials, pair, pair.slice(pair.indexOf(':') + 1)];
}
