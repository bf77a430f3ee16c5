import type { CodeDefinition } from '../harness/model/codes.ts';

/** The page of one finding code, in Markdown: for docs/codes and for `hopcheck explain`. */
export function codePage(code: string, { promise, title, meaning, looks, usualCauses, fix }: CodeDefinition): string {
  const silence =
    promise === 'environment'
      ? 'It cannot be: it says whether the run could decide.'
      : 'There is no switch yet; say what you expect instead (`--shares`, `--sampling`, `--gateway-profile`) or change the application definition.';
  return [
    `# ${code}: ${title}`,
    `Promise: **${promise}**`,
    '## What it means',
    meaning,
    '## How it looks in Jaeger',
    looks,
    '## Usual causes',
    usualCauses.map((cause) => `* ${cause}`).join('\n'),
    '## What to do',
    fix,
    '## How to silence it on purpose',
    silence,
  ].join('\n\n');
}
