/** What folds is open where an address points into it, and on paper. */
export function openWhatIsMeant(): void {
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    for (let folded = target?.closest('details'); folded; folded = folded.parentElement?.closest('details'))
      folded.open = true;
    if (target?.closest('details')) target.scrollIntoView();
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
