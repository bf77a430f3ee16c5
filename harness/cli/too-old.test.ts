import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OLDEST_NODE, tooOld } from './too-old.ts';

it('asks for the Node that package.json asks for', () => {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  expect((JSON.parse(text) as { engines: { node: string } }).engines.node).toBe(`>=${OLDEST_NODE}`);
});

it.each(['22.19.0', '22.20.1', '23.0.0', '24.21.0', '100.0.0'])('runs on Node %s', (version) => {
  expect(tooOld(version)).toBeUndefined();
});

it.each(['22.18.9', '22.0.0', '20.19.5', '18.0.0', '0.12.18'])('refuses Node %s in one sentence', (version) => {
  expect(tooOld(version)).toBe(`hopcheck needs Node 22.19 or newer, and this is ${version}`);
});
