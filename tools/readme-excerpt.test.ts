import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { linesNotSaid } from './readme-excerpt.ts';

const readme =
  '# x\n\n```\n✗ propagation  FAIL\n  received  a new trace; …\nFAIL (exit 1) 45 of 45\n```\n\n```sh\nnpm ci\n```\n';

it('linesNotSaid compares the first block with the output of a run, apart from counts, versions and ids', () => {
  const output = '✓ ingress\n✗ propagation  FAIL\n  received  a new trace; x\n  cause  y\nFAIL (exit 1) 49 of 49\n';
  expect(linesNotSaid(readme, output)).toEqual([]);
  expect(linesNotSaid(readme, output.replace('a new trace', 'another'))).toEqual(['  received  a new trace; …']);
  expect(linesNotSaid(readme, '')).toHaveLength(3);
});

it('linesNotSaid demands the lines in their order', () => {
  expect(linesNotSaid(readme, 'FAIL (exit 1) 1 of 1\n  received  a new trace; \n✗ propagation  FAIL\n')).toHaveLength(
    2,
  );
});

it('linesNotSaid refuses a README without an output', () => {
  expect(linesNotSaid('# x\n\n```sh\nnpm ci\n```\n', 'npm ci\n')).toHaveLength(1);
});

it('the README is short enough for a reader who decides in a minute', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8');
  expect(page.split('\n').length).toBeLessThanOrEqual(120);
});
