/**
 * Where the documentation of this very version is on the web, without a slash at its end, such as
 * `https://github.com/OWNER/hopcheck/blob/v0.1.0`. To be set with the first public release, together with `repository` in
 * package.json: a test holds both together, and the version with them. Undefined: there is no public address yet, and
 * reports name a page by its path in the package and in a checkout.
 */
export const DOCS_ADDRESS: string | undefined = undefined;

/** @param path in the repository: `docs/codes/HC501.md`. */
export function docsPage(path: string, address: string | undefined = DOCS_ADDRESS): string {
  return address === undefined ? path : `${address}/${path}`;
}
