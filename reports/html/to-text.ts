import { attributeText, type Child, shownText } from './shared/element.ts';

/** Begin on a new line, so that two files can be compared. White space before them shows nowhere. */
const BLOCKS = new Set(
  'section header div article figure figcaption h1 h2 h3 h4 p ul li dl dt dd table thead tbody tr details summary svg g'.split(
    ' ',
  ),
);
const VOID = new Set(['meta', 'link', 'input', 'br', 'wbr', 'hr', 'col']);

/** Writes elements as HTML. Text from outside is made harmless, then escaped; nothing in it can close an element. */
export function toText(child: Child): string {
  const out: string[] = [];
  write(child, out);
  return out.join('');
}

/** For text and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function write(child: Child, out: string[]): void {
  if (child === undefined || child === false) return;
  if (typeof child === 'string' || typeof child === 'number') {
    out.push(escapeHtml(shownText(child)));
    return;
  }
  if (isList(child)) {
    for (const part of child) write(part, out);
    return;
  }
  const { tag, attributes, children } = child;
  out.push(BLOCKS.has(tag) ? '\n<' : '<', tag);
  for (const [name, value] of Object.entries(attributes)) {
    const text = attributeText(name, value);
    if (text !== undefined) out.push(' ', name, '="', escapeHtml(text), '"');
  }
  out.push('>');
  if (VOID.has(tag)) return;
  for (const part of children) write(part, out);
  out.push('</', tag, '>');
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child);
}
