/** A part that begins above this is being read, px from the top of the window: a little more than where a link leads. */
const BELOW_CONTENTS = 130;

/** Marks the link to the part of the page that is being read. */
export function markContents(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('#contents a')];
  const parts = links.flatMap((link) => {
    const part = document.getElementById(link.hash.slice(1));
    return part === null ? [] : [{ link, part }];
  });
  const mark = () => {
    const read = parts.findLast(({ part }) => part.getBoundingClientRect().top <= BELOW_CONTENTS) ?? parts[0];
    for (const { link } of parts) {
      if (link === read?.link) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  };
  addEventListener('scroll', mark, { passive: true });
  addEventListener('resize', mark, { passive: true });
  mark();
}
