import type { ConfiguredOption } from '../model/capture.ts';
import { isLoopback, type Proxies, type ProxyUrl, proxyFor } from '../model/proxies.ts';
import type { ConfigProblem } from './config-error.ts';
import { printable } from './shown.ts';

/** The lower-case name goes first, as in curl and undici. */
const NAMES = { http: ['http_proxy', 'HTTP_PROXY'], https: ['https_proxy', 'HTTPS_PROXY'] } as const;
const NO_PROXY = ['no_proxy', 'NO_PROXY'] as const;

type Env = Readonly<Record<string, string | undefined>>;

export function readProxies(env: Env, problems: ConfigProblem[]): Proxies {
  const [http, https] = [proxyUrl(NAMES.http, env, problems), proxyUrl(NAMES.https, env, problems)];
  const no = first(NO_PROXY, env);
  return {
    ...(http !== undefined && { http }),
    ...(https !== undefined && { https }),
    ...(no !== undefined && { no: no.value }),
  };
}

/** The variables as a person may see them. */
export function configuredProxies(env: Env): ConfiguredOption[] {
  return [NAMES.http, NAMES.https, NO_PROXY].flatMap((names) => {
    const said = first(names, env);
    if (said === undefined) return [];
    return [{ name: said.name, value: printable(said.value), source: 'environment' as const, from: said.name }];
  });
}

/** `direct`, or by which proxy and unless what: for a person, without credentials. @param url what is dialled. */
export function proxyInWords(url: URL, proxies: Proxies): string {
  const proxy = proxyFor(url, proxies);
  if (proxy === undefined)
    return isLoopback(url.hostname) && (proxies.http ?? proxies.https) !== undefined ? 'direct (loopback)' : 'direct';
  const unless = proxies.no === undefined ? '' : `, unless NO_PROXY (${proxies.no}) covers it`;
  return `by ${printable(proxy.url)} (${proxy.from})${unless}`;
}

function proxyUrl(names: readonly string[], env: Env, problems: ConfigProblem[]): ProxyUrl | undefined {
  const said = first(names, env);
  if (said === undefined) return undefined;
  // `proxy.example:3128` is common, and is http.
  const url = said.value.includes('://') ? said.value : `http://${said.value}`;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return { url, from: said.name };
  problems.push({
    option: said.name,
    value: printable(said.value),
    source: `environment ${said.name}`,
    expected: 'an http or https URL of a proxy',
    example: `${said.name}=http://proxy.example:3128`,
  });
  return undefined;
}

function first(names: readonly string[], env: Env): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    // Empty means none, whatever the other spelling says.
    if (value !== undefined) return value === '' ? undefined : { name, value };
  }
  return undefined;
}
