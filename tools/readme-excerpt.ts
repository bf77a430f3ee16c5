/** What differs from run to run: counts, versions, ids. */
function alike(line: string): string {
  return line
    .replace(/\b[0-9a-f]{16,32}\b/g, 'ID')
    .replace(/\d+/g, '0')
    .trimEnd();
}

/**
 * The lines of the README's first block that a run does not print, in that order. A line that ends in `…` is the
 * beginning of one.
 */
export function linesNotSaid(readme: string, output: string): readonly string[] {
  const [, block = ''] = /^```\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  const promised = block.split('\n').filter((line) => line !== '');
  if (promised.length === 0) return ['(the README shows nothing)'];
  const said = output.split('\n').map(alike);
  let from = 0;
  return promised.filter((line) => {
    const wanted = alike(line.replace(/…$/, ''));
    const at = said.findIndex(
      (candidate, index) => index >= from && (line.endsWith('…') ? candidate.startsWith(wanted) : candidate === wanted),
    );
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}
