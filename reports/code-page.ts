import type { CodeDefinition } from '../harness/model/codes/definition.ts';
import { wrap } from './wrap.ts';

/** The page for a terminal: still Markdown, no line wider than it needs to be. */
export function codePageLines(code: string, definition: CodeDefinition, columns: number): string[] {
  return codePage(code, definition)
    .split('\n')
    .flatMap((line) => (line.startsWith('* ') ? wrap(line.slice(2), columns, '* ') : wrap(line, columns)));
}

/** The page of one finding code, in Markdown: for docs/codes and for `hopcheck explain`. */
export function codePage(
  code: string,
  { promise, title, meaning, looks, usualCauses, fix, counts }: CodeDefinition,
): string {
  const silence =
    promise === 'environment'
      ? 'It cannot be: it says whether the check was able to run.'
      : `Say what you expect instead (\`--shares\`, \`--sampling\`, \`--gateway-profile\`), or tolerate it with a reason, which every report then shows: \`--tolerate ${code}='why'\`, for one hop or service \`--tolerate '${code}:caller->callee=why'\`. \`--skip ${code}\` leaves it out.`;
  return [
    `# ${code}: ${title}`,
    `Promise: **${promise}**${counts === undefined ? '' : ` · counted in ${counts}s`}`,
    '## What it means',
    meaning,
    '## How it looks in the traces',
    looks,
    '## Usual causes',
    usualCauses.map((cause) => `* ${cause}`).join('\n'),
    '## What to do',
    fix,
    '## How to silence it on purpose',
    silence,
  ].join('\n\n');
}
