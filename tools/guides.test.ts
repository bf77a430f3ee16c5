import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callMain } from '../harness/cli/testing/call-main.ts';

// Commands in the guides must work as typed. Links are followed by citations.test.ts.
const ROOT = resolve(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  'deploy/README.md',
  ...readdirSync(join(ROOT, 'docs/guides')).map((name) => `docs/guides/${name}`),
];

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => block);
  const commands = blocks.flatMap((block) =>
    [...block.replaceAll(/ *\\\n */g, ' ').matchAll(/hopcheck -- (\w+)([^\n#]*)/g)].map(([, name = '', rest = '']) => ({
      name,
      flags: [...rest.matchAll(/(?<= )--[a-z-]+/g)].map(([flag]) => flag),
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
