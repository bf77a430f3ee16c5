/** The element the file is known to have; its absence is our bug and says so. */
export function element<T extends Element>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector);
  if (found === null) throw new Error(`hopcheck: ${selector} is not in the page`);
  return found;
}
