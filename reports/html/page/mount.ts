import { attributeText, type Child, shownText } from '../shared/element.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Builds the same elements the file is written with; text becomes text nodes, so nothing in it can be markup. */
export function toNodes(child: Child, inSvg = false): DocumentFragment {
  const fragment = document.createDocumentFragment();
  append(fragment, child, inSvg);
  return fragment;
}

function append(to: ParentNode & Node, child: Child, inSvg: boolean): void {
  if (child === undefined || child === false) return;
  if (typeof child === 'string' || typeof child === 'number') {
    to.appendChild(document.createTextNode(shownText(child)));
    return;
  }
  if (Array.isArray(child)) {
    for (const part of child as readonly Child[]) append(to, part, inSvg);
    return;
  }
  const { tag, attributes, children } = child as Exclude<typeof child, readonly Child[]>;
  const svg = inSvg || tag === 'svg';
  const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    const text = attributeText(name, value);
    if (text !== undefined) element.setAttribute(name, text);
  }
  for (const part of children) append(element, part, svg);
  to.appendChild(element);
}
