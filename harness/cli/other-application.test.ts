import { expect, it } from 'vitest';
import { bookinfo } from '../applications/bookinfo.ts';
import type { JudgedRun } from '../model/report.ts';
import { otherApplicationLines } from './other-application.ts';

const runWith = (whole: number, of: number) =>
  ({
    promises: [
      { id: 'ingress', status: 'fail', facts: { observed: { kind: 'whole-pages', whole, of } }, findings: [] },
    ],
  }) as unknown as Pick<JudgedRun, 'promises'>;

it('says how to begin where no answer was of the application', () => {
  expect(otherApplicationLines(runWith(0, 60), bookinfo, 'hopcheck').join()).toContain(
    'hopcheck learn --name NAME --get PATH',
  );
});

it('says nothing where one answer was, where none was asked for, and where a file describes the application', () => {
  const own = { ...bookinfo, definition: { ...bookinfo.definition, from: 'store.yaml' } };
  expect([
    otherApplicationLines(runWith(1, 60), bookinfo, 'hopcheck'),
    otherApplicationLines(runWith(0, 0), bookinfo, 'hopcheck'),
    otherApplicationLines(runWith(0, 60), own, 'hopcheck'),
  ]).toEqual([[], [], []]);
});
