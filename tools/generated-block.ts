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

/**
 * A JSON schema in which the words that this field may be are those of a vocabulary.
 * @throws where the field has no list of words.
 */
export function withWords(schema: string, field: string, words: readonly string[]): string {
  const list = new RegExp(`("${field}": \\{ "enum": )\\[[^\\]]*\\]`);
  if (!list.test(schema)) throw new Error(`a schema made by npm run docs: expected "${field}": { "enum": […] } in it`);
  return schema.replace(list, (_, head: string) => `${head}[${words.map((word) => JSON.stringify(word)).join(', ')}]`);
}
