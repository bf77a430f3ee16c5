import { h } from '../shared/element.ts';
import { toNodes } from './mount.ts';

/** What folds is open where an address points to it, and on paper. */
export function openWhatIsMeant(): void {
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener('hashchange', open);
  open();
  openOnPaper();
}

/** What the style sheet does where the browser knows how (styles/print.css); afterwards only what the reader opened is open. */
function openOnPaper(): void {
  let opened: readonly HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    opened = [...opened, ...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
    opened = [];
  });
}

/** For so long the button says that it did what it says. */
const SAID_MS = 2000;

/** A button above each command line; where the clipboard is not to be had, the text is selected instead. */
export function addCopyButtons(): void {
  for (const pre of document.querySelectorAll('.curl pre')) {
    pre.before(toNodes(h('button', { type: 'button', class: 'copy' }, 'copy')));
    const button = pre.previousElementSibling as HTMLButtonElement;
    button.addEventListener('click', () => {
      const select = () => getSelection()?.selectAllChildren(pre);
      const copied = navigator.clipboard?.writeText(pre.textContent ?? '');
      if (copied === undefined) return select();
      copied.then(() => {
        button.replaceChildren('copied');
        setTimeout(() => button.replaceChildren('copy'), SAID_MS);
      }, select);
    });
  }
}
