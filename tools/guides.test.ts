import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callMain } from '../harness/cli/testing/call-main.ts';

// Commands in README, guides and documents must work as typed. Links are followed by citations.test.ts.
const ROOT = resolve(import.meta.dirname, '..');
const PAGES = globSync(['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'deploy/**/*.md', 'fixtures/**/README.md'], {
  cwd: ROOT,
}).toSorted();
/** As in a checkout, in a project, and where hopcheck is on the PATH. */
const COMMAND = /(?:npm run -s hopcheck --|npx hopcheck|(?<=^ *|\()hopcheck) ([a-z]+)([^\n#|)]*)/gm;

/** One command per line: continued lines joined, and a command that another one is given (`--for 'hopcheck run'`) apart. */
function linesOf(block: string): string {
  const joined = block.replaceAll(/ *\\\n */g, ' ');
  const given = [...joined.matchAll(/'((?:npx )?hopcheck [^'\n]*)'/g)].map(([, command = '']) => command);
  return [joined.replaceAll(/'(?:npx )?hopcheck [^'\n]*'/g, "''"), ...given].join('\n');
}

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => block);
  const commands = blocks.flatMap((block) =>
    [...linesOf(block).matchAll(COMMAND)].map(([, name = '', rest = '']) => ({
      name,
      flags: [...rest.matchAll(/(?<= )--[a-z][a-z-]*/g)].map(([flag]) => flag),
    })),
  );

  it('names only files of this repository that exist', () => {
    const shell = blocks.join('\n');
    for (const [path] of shell.matchAll(/(?<=[ =])(?:deploy|docs|tools|specs)\/[\w./-]+/g))
      expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  it('has only commands with options that exist', async () => {
    for (const { name, flags } of commands) {
      const { exitCode, stdout } = await callMain([name, '--help']);
      expect({ name, exitCode }).toEqual({ name, exitCode: 0 });
      for (const flag of flags) expect(stdout, `${name} ${flag}`).toMatch(new RegExp(`${flag}[ ,\n]`));
    }
  });
});

it('the guides contain commands', () => {
  const guides = PAGES.filter((page) => page.startsWith('docs/guides/')).map((page) =>
    readFileSync(join(ROOT, page), 'utf8'),
  );
  expect(guides.filter((text) => /hopcheck -- (run|doctor) --kube/.test(text)).length).toBeGreaterThanOrEqual(3);
});
