/** Colours by meaning, or none at all: every report can be read without them. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  unsure(text: string): string;
  faint(text: string): string;
  strong(text: string): string;
}

const plain = (text: string) => text;
const code = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;

export function paint(color: boolean): Paint {
  return color
    ? { good: code(32, 39), bad: code(31, 39), unsure: code(33, 39), faint: code(2, 22), strong: code(1, 22) }
    : { good: plain, bad: plain, unsure: plain, faint: plain, strong: plain };
}
