import { h } from '../shared/element.ts';
import { toNodes } from './mount.ts';

/** For so long the button says that it did what it says. */
const SAID_MS = 2000;

/** A button above each text that is there to be copied, and one behind each id and link. Called again for what is drawn later. */
export function addCopyButtons(within: ParentNode = document): void {
  const isButton = (one: Element | null) => one?.classList.contains('copy') === true;
  for (const pre of within.querySelectorAll('.to-copy pre'))
    if (!isButton(pre.previousElementSibling)) pre.before(toNodes(button('copy', 'copy')));
  for (const one of within.querySelectorAll<HTMLElement>('[data-copy]'))
    if (!isButton(one.nextElementSibling))
      one.after(toNodes([' ', button('copy small', 'copy', `copy the ${one.dataset.copy}`)]));
}

function button(name: string, text: string, label?: string) {
  return h('button', { type: 'button', class: name, 'aria-label': label, title: label }, text);
}

/** One listener for all of them, wherever they come from. */
export function copyOnClick(): void {
  document.addEventListener('click', (event) => {
    const pressed = (event.target as Element).closest<HTMLButtonElement>('button.copy');
    if (pressed === null) return;
    const near = pressed.classList.contains('small') ? pressed.previousElementSibling : pressed.nextElementSibling;
    if (near !== null) copy(near, pressed);
  });
}

/** Where the clipboard is not to be had, the text is selected instead. */
function copy(from: Element, pressed: HTMLButtonElement): void {
  const select = () => {
    getSelection()?.selectAllChildren(from);
  };
  const copied = navigator.clipboard?.writeText(textOf(from));
  if (copied === undefined) select();
  copied?.then(() => {
    pressed.replaceChildren('copied');
    setTimeout(() => pressed.replaceChildren('copy'), SAID_MS);
  }, select);
}

/** Of a link its address; else its text, with the ends of its lines. */
function textOf(from: Element): string {
  if (from instanceof HTMLAnchorElement) return from.href;
  const copied = from.cloneNode(true) as Element;
  for (const end of copied.querySelectorAll('br')) end.replaceWith('\n');
  return copied.textContent ?? '';
}
