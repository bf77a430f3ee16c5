/** The environment's word on proxies, as undici takes it; absent: none. */
export interface Proxies {
  /** For `http` URLs, and for `https` ones where there is no other; credentials included. */
  readonly http?: ProxyUrl;
  readonly https?: ProxyUrl;
  /** Hosts that are reached directly: `.svc,10.0.0.7`. */
  readonly no?: string;
}

export interface ProxyUrl {
  readonly url: string;
  /** Which variable says it. */
  readonly from: string;
}

/** Where the connection really goes: the address in place of the URL's host. */
export function dialled(url: URL, address: string | undefined): URL {
  const to = new URL(url);
  if (address !== undefined) to.hostname = address;
  return to;
}

/** The one in force for this URL unless `no` names its host; loopback is always reached directly. */
export function proxyFor(url: URL, { http, https }: Proxies): ProxyUrl | undefined {
  if (isLoopback(url.hostname)) return undefined;
  return url.protocol === 'https:' ? (https ?? http) : http;
}

/** This machine: whatever the environment says, no proxy leads there. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname);
}
