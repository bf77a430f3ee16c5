import type { ConfigProblem } from './config-error.ts';
import { optionDefinition } from './options.ts';

/**
 * An ingress is scheme, host and port: what is asked for there the application says, and another path would be dropped
 * without a word. Its own page's path is what a browser shows, and is taken off.
 * @param page path of the application's page, where it is known.
 * @returns undefined where the path is another one; {@link pathProblem} then says so.
 */
export function ingressOrigin(url: URL, page: string | undefined): URL | undefined {
  const path = url.pathname.replace(/\/+$/, '');
  if (path !== '' && path !== page) return undefined;
  const origin = new URL(url);
  origin.pathname = '/';
  return origin;
}

/** @param shown the URL as a person may see it. */
export function pathProblem(url: URL, page: string | undefined, shown: string, source: string): ConfigProblem {
  const why = page === undefined ? '' : `, because hopcheck asks there for ${page}`;
  return {
    option: '--ingress',
    value: shown,
    source,
    expected: `${optionDefinition('ingress').expected}${why}`,
    example: `--ingress ${url.origin}`,
  };
}
