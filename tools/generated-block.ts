/**
 * A page with a generated part: what stands between `<!-- name: … -->` and `<!-- end of name -->` is replaced.
 * @throws where the page has no such place.
 */
export function withBlock(page: string, name: string, text: string): string {
  const block = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n)[\\s\\S]*?(\\n<!-- end of ${name} -->)`);
  if (!block.test(page))
    throw new Error(`a page made by npm run docs: expected <!-- ${name}: … --> and <!-- end of ${name} --> in it`);
  return page.replace(block, (_, head: string, foot: string) => `${head}\n${text}\n${foot}`);
}
