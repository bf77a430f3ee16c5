import { expect, it } from 'vitest';
import { readCaptureText } from '../../fixtures/corpus/cases.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { decodeCapture } from '../capture/decode.ts';
import type { Capture } from '../model/capture.ts';
import { judge } from './judge.ts';
import { seeTraces } from './seen-traces.ts';

const seen = (capture: Capture) =>
  seeTraces(capture, { requestNames: bookinfo.requestNames ?? [], promises: judge(capture).promises });
const healthy = decodeCapture(readCaptureText('healthy-zipkin'));

it('names the single request of an application, which its capture does not name', () => {
  expect(healthy.exchanges.every(({ probe }) => probe.request === undefined)).toBe(true);
  const traces = seen(healthy);
  expect(new Set(traces.map(({ request }) => request))).toEqual(new Set(['page']));
});

it('gives a trace per probe that was forced on, also where no span came, and none per probe that was forced off', () => {
  const forcedOn = healthy.exchanges.filter(({ probe: { purpose, trial } }) => purpose === 'forced-on' && !trial);
  const without = { ...healthy, traces: healthy.traces.map((trace) => ({ ...trace, spans: [] })) };
  const traces = seen(without);
  expect(traces.map(({ probe }) => probe)).toEqual(forcedOn.map(({ probe }) => probe.id));
  expect(traces.every(({ spans, calls, id }) => spans.length + calls.length === 0 && id !== undefined)).toBe(true);
  const off = healthy.exchanges.filter(({ probe }) => probe.purpose === 'forced-off').map(({ probe }) => probe.id);
  expect(seen(healthy).filter(({ probe }) => off.includes(probe))).toEqual([]);
});

it('gives the same traces of the same capture, as JSON can carry them', () => {
  expect(JSON.parse(JSON.stringify(seen(healthy)))).toEqual(seen(healthy));
});
