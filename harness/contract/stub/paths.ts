import type { StubOptions } from './world.ts';

/** Where a stub redirects to, at itself. */
export const REDIRECTED = '/hopcheck-redirected';

/**
 * The host of a call that takes the stub for a proxy (RFC 9112 §3.2.2, absolute form), where it is not this upstream, and
 * the path without it.
 */
export function strangerIn(
  target: string,
  { name, host }: Pick<StubOptions, 'name' | 'host'>,
): { readonly stranger?: string; readonly path: string } {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return { path: target };
  const url = new URL(target);
  const path = `${url.pathname}${url.search}`;
  return [name, host].includes(url.hostname) ? { path } : { stranger: url.host, path };
}
