import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const read = (name: string) => readFileSync(resolve(import.meta.dirname, '../docs', name), 'utf8');
const bench = read('benchmarks.md');
const scale = read('scale.md');

const TARGETS_OF_A_CLUSTER = 200;
const CLUSTERS = 10;

/** The first number that a text has in this place. */
function numberIn(text: string, place: RegExp): number {
  const [, found] = place.exec(text) ?? [];
  if (found === undefined) throw new Error(`${place} is not there`);
  return Number(found.replaceAll(' ', ''));
}
/** The cells of the row that begins so, as numbers. */
const row = (first: string): readonly number[] =>
  (scale.split('\n').find((line) => line.startsWith(`| ${first} |`)) ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => numberIn(cell, /([\d.][\d. ]*)/));

it("the figures of one target in docs/scale.md are the bench's", () => {
  const calls = /backend calls: (\d+) for \d+ probes/;
  const probes = /backend calls: \d+ for (\d+) probes/;
  expect({
    probes: row('probes of the default plan')[0],
    calls: row('calls of the trace backend')[0],
    cpu: row('CPU')[0],
  }).toEqual({
    probes: numberIn(bench, probes),
    calls: numberIn(bench, calls),
    cpu: numberIn(bench, /lab up in \d+ ms, ([\d.]+) s of CPU/),
  });
});

it('those of all targets follow from them', () => {
  const [probes = 0] = row('probes of the default plan');
  const [calls = 0] = row('calls of the trace backend');
  const rows = scale.slice(scale.indexOf('| what | for each cluster'));
  const ofAll = (what: string) => {
    const cells = (rows.split('\n').find((line) => line.startsWith(`| ${what} |`)) ?? '').split('|').slice(2, -1);
    return cells.map((cell) => numberIn(cell, /([\d.][\d. ]*)/));
  };
  const times = (one: number) => [one * TARGETS_OF_A_CLUSTER, one * TARGETS_OF_A_CLUSTER * CLUSTERS];
  expect({ probes: ofAll('probes'), calls: ofAll('calls of the trace backend') }).toEqual({
    probes: times(probes),
    calls: times(calls),
  });
  // The table by parts: calls a second over the whole time, which a rounded part makes uncertain by half a second of it.
  const parts = [...scale.matchAll(/^\| (\d+) \| (\d+) s \| \d+ min \| (\d+) probes\/s \| ([\d.]+) calls\/s \|$/gm)];
  expect(parts.length).toBe(5);
  for (const [, parallel, part, probesRate, callsRate] of parts) {
    const wholeS = (Number(part) * TARGETS_OF_A_CLUSTER) / Number(parallel);
    const slack = 0.5 / Number(part) + 0.01;
    for (const [each, rate, digit] of [
      [probes, Number(probesRate), 0.5],
      [calls, Number(callsRate), 0.05],
    ] as const) {
      const expected = (each * TARGETS_OF_A_CLUSTER) / wholeS;
      expect(Math.abs(rate - expected), `${parallel} parts, ${rate}/s`).toBeLessThanOrEqual(expected * slack + digit);
    }
  }
});
