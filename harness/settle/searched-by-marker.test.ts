import { expect, it } from 'vitest';
import type { TraceId } from '../model/ids.ts';
import { type Entry, newEntry } from './entry.ts';
import { searchedByMarker } from './searched-by-marker.ts';

const sent = (id: string, sentAtMs: number, answeredAtMs: number): Entry => {
  const probe = { id: `p${id}`, purpose: 'forced-on', format: 'b3', marker: 'm', headers: [] } as const;
  return newEntry({ probe: { ...probe, traceId: id.padStart(32, '0') as TraceId }, sentAtMs, answeredAtMs });
};

it('takes the forced-on probe that was sent last for the control, whichever was answered last', () => {
  // In the order of their answers: the probe that was sent last overtook the one before it.
  const answered = [sent('1', 0, 5), sent('3', 20, 25), sent('2', 10, 60)];
  expect(searchedByMarker(answered).map(({ probe }) => probe.id)).toEqual(['p3']);
});
