import { NOT_WITH_MIXER } from '../model/mixer.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PromiseId } from '../model/promises.ts';
import { plural } from './calls.ts';
import type { RunView } from './run-view.ts';

/** What cannot be held against a mesh whose traces have Mixer's spans in them; undefined: the promise is judged as ever. */
export function notSupportedWithMixer(promise: PromiseId, { traces, ofMixer }: RunView): Outcome | undefined {
  const why = NOT_WITH_MIXER[promise];
  if (why === undefined || ofMixer === 0) return undefined;
  const observed = `spans of Mixer in ${ofMixer} of ${plural(traces.length, 'trace')}`;
  return { promise, status: 'not-supported', observed, reason: why, findings: [] };
}
