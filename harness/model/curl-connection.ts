import type { ConfiguredOption } from './capture.ts';

/** Everything that curl needs beside the request's own headers. */
export interface CurlConnection {
  readonly url: URL;
  /** The Host header, where it is not the URL's. */
  readonly host?: string;
  readonly options: readonly string[];
}

/**
 * The URL and options with which curl makes the same connection to the ingress. It takes SNI and the certificate's name
 * from the URL alone, so where hopcheck takes them from the Host header or from `--ingress-sni` that name goes into the
 * URL, and the address into `--connect-to`.
 * @param configuration paths of files included; what is secret is not in it.
 */
export function curlConnection(
  url: URL,
  hostHeader: string | undefined,
  configuration: readonly ConfiguredOption[],
): CurlConnection {
  const configured = new Map(configuration.map(({ name, value }) => [name, value]));
  const file = (flag: string, option: string) => {
    const path = configured.get(option);
    return path === undefined ? [] : [flag, path];
  };
  const options = [
    ...listOf(configured.get('resolve')).flatMap((one) => ['--resolve', one]),
    ...file('--cacert', 'ingress-ca'),
    ...file('--cert', 'ingress-cert'),
    ...file('--key', 'ingress-key'),
    ...(configured.get('ingress-insecure') === 'true' ? ['-k'] : []),
  ];
  const asked = { ...(hostHeader !== undefined && { host: hostHeader }) };
  const name = configured.get('ingress-sni') ?? hostHeader?.replace(/:\d+$/, '');
  if (url.protocol !== 'https:' || name === undefined || name === url.hostname || !URL.canParse(`https://${name}`))
    return { url, ...asked, options };
  const named = new URL(url);
  named.hostname = name;
  const port = url.port || '443';
  return {
    url: named,
    host: hostHeader ?? url.host,
    options: ['--connect-to', `${name}:${port}:${url.hostname}:${port}`, ...options],
  };
}

/** As the configuration shows a repeatable option: a JSON list, or one text. */
function listOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : [text];
  } catch {
    return [text];
  }
}
