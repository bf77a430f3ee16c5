import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Verdict } from '../model/report.ts';
import { WatchFolder } from './keep-files.ts';
import { recordOf } from './record.ts';
import { REPORTS } from './testing.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 10, 29, 12);

/** A run that has written its capture, as each does while it goes on. */
function end(kept: WatchFolder, index: number, verdict: Verdict): void {
  const startedAtMs = START + index * 60_000;
  const report = REPORTS[verdict]();
  const run = recordOf(report, { id: `r${index}`, startedAtMs, endedAtMs: startedAtMs + 1, end: 'complete' });
  writeFileSync(kept.capturePath(run), '');
  kept.keep(run, report);
}
const names = () => readdirSync(folder).toSorted();

it('keeps the report of each run, and the capture of each that did not pass', () => {
  const kept = new WatchFolder(join(folder), 5);
  end(kept, 0, 'pass');
  end(kept, 1, 'fail');
  end(kept, 2, 'inconclusive');
  expect(names()).toEqual([
    '2026-11-29T12-00-00.000Z-r0.json',
    '2026-11-29T12-01-00.000Z-r1.capture',
    '2026-11-29T12-01-00.000Z-r1.json',
    '2026-11-29T12-02-00.000Z-r2.capture',
    '2026-11-29T12-02-00.000Z-r2.json',
  ]);
});

it('stays as large as it is, across watches, and touches no other file', () => {
  const others = ['notes.json', '2026-11-29T12-00-00.000Z-r0.json.bak', 'run.capture'];
  for (const name of others) writeFileSync(join(folder, name), '');
  for (const [index, kept] of [new WatchFolder(folder, 2), new WatchFolder(folder, 2)].entries())
    for (let run = 0; run < 5; run += 1) end(kept, 5 * index + run, 'fail');
  const ours = names().filter((name) => !others.includes(name));
  expect(ours.map((name) => name.slice(-10))).toEqual(
    ['r8.capture', '00Z-r8.json', 'r9.capture', '00Z-r9.json'].map((name) => name.slice(-10)),
  );
  expect(names()).toEqual(expect.arrayContaining(others));
});

it('removes what a watch has left that was killed during a run, in its turn', () => {
  const begun = (minute: number) => `.2026-11-29T11-0${minute}-00.000Z-k${minute}.capture.${4711 + minute}.part`;
  for (const minute of [1, 2, 3]) writeFileSync(join(folder, begun(minute)), '');
  const kept = new WatchFolder(folder, 3);
  end(kept, 0, 'pass');
  expect(names()).toEqual([begun(2), begun(3), '2026-11-29T12-00-00.000Z-r0.json']);
});

it('makes the folder, and refuses a file in its place', () => {
  const path = join(folder, 'a', 'b');
  expect(new WatchFolder(path, 1).capturePath({ id: 'x', startedAtMs: START })).toBe(
    join(path, '2026-11-29T12-00-00.000Z-x.capture'),
  );
  writeFileSync(join(folder, 'file'), '');
  for (const wrong of [join(folder, 'file', 'below'), join(folder, 'file')])
    expect(() => new WatchFolder(wrong, 1)).toThrow();
});

it('keeps what this watch has just written, whatever dates earlier files have', () => {
  const later = [
    '2031-01-01T00-00-00.000Z-aa.json',
    '2031-01-02T00-00-00.000Z-bb.json',
    '2031-01-02T00-00-00.000Z-bb.capture',
  ];
  for (const name of later) writeFileSync(join(folder, name), '');
  const kept = new WatchFolder(folder, 2);
  end(kept, 0, 'fail');
  expect(names()).toEqual([
    '2026-11-29T12-00-00.000Z-r0.capture',
    '2026-11-29T12-00-00.000Z-r0.json',
    ...later.slice(1).toSorted(),
  ]);
  end(kept, 1, 'pass');
  expect(names()).toEqual([
    '2026-11-29T12-00-00.000Z-r0.capture',
    '2026-11-29T12-00-00.000Z-r0.json',
    '2026-11-29T12-01-00.000Z-r1.json',
  ]);
});

it('removes older files also where the report cannot be written, so that a full disk does not stay full', () => {
  const kept = new WatchFolder(folder, 1);
  end(kept, 0, 'fail');
  // A folder in the place of the report: it cannot be written.
  mkdirSync(join(folder, '2026-11-29T12-01-00.000Z-r1.json', 'x'), { recursive: true });
  const report = REPORTS.fail();
  const run = recordOf(report, { id: 'r1', startedAtMs: START + 60_000, endedAtMs: START + 60_001, end: 'complete' });
  expect(() => kept.keep(run, report)).toThrow();
  expect(names()).toEqual(['2026-11-29T12-01-00.000Z-r1.json']);
});
