import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const pages = globSync(['README.md', 'docs/**/*.md', 'harness/cli/golden/help*.txt', 'harness/cli/golden/errors.txt'], {
  cwd: root,
});

/** An option with an arrow that no quote protects: a shell would write to a file named after the callee. */
const BARE_ARROW = /--(?:tolerate|fault)[ =][^'"`\s]*->/g;

it.each(pages)('%s shows only commands that survive a shell', (page) => {
  // What errors.txt was given is an argument list; only its messages are for people.
  const text = readFileSync(resolve(root, page), 'utf8').replace(/^hopcheck .*$/gm, '');
  const said = text.match(BARE_ARROW) ?? [];
  expect(said.filter((found) => !/^--fault \S+:$/.test(found))).toEqual([]);
});

it('the check finds an arrow that is not quoted', () => {
  expect("--tolerate HC501:a->b='why'".match(BARE_ARROW)).toHaveLength(1);
  expect("--tolerate 'HC501:a->b=why'".match(BARE_ARROW)).toBeNull();
});
