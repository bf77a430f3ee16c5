import type { MatrixFact } from '../../harness/model/facts/matrix.ts';
import { plural } from '../../harness/model/numbers.ts';
import type { Texts } from './texts.ts';
import { sourceWords } from './values.ts';

type Changed = Extract<MatrixFact, { kind: 'calls-with-other-ids' }>;

const CHANGED: Readonly<Record<Changed['how'], string>> = {
  'trace-restarted': 'another trace id',
  'id-truncated': 'half of the trace id',
  'context-reused': "another request's ids",
  'parent-wrong': 'the span id of a span further up',
  'parent-phantom': 'a span id that never arrived',
};

export const MATRIX_TEXTS: Texts<MatrixFact> = {
  'header-unmarked': () => 'it leaves no mark on any span',
  'turned-before': () => 'a caller before this one may have turned it into other headers',
  'header-not-carried': () => 'no probe carried it in a form that this mesh reads',
  'hop-not-crossed': () => 'no probe crossed this hop',
  'format-unknown': () => 'the context format of the mesh is not known',
  'header-unread': ({ speaks }) => `the mesh speaks ${speaks} and passes this header through untouched`,
  'context-not-written': () => 'the proxies make spans and do not write their own into the context',
  'request-id-unseen': () => 'no span of the hop shows it on both sides',
  'request-id-changed': ({ calls, of }) => `another x-request-id on ${lookedUp(calls, of)}`,
  'request-id-same': ({ calls }) => `the same on both sides of ${plural(calls, 'call')}`,
  'calls-not-found': ({ requests }) => `no call was found on ${plural(requests, 'request')}`,
  'calls-in-new-traces': ({ calls, of }) =>
    `a new trace on ${lookedUp(calls, of)}: the loss of any one of the context headers does that`,
  'calls-with-other-ids': ({ how, calls, of }) => `${CHANGED[how]} on ${lookedUp(calls, of)}`,
  'calls-in-place': ({ calls }) =>
    calls === 1 ? '1 call is below the request it belongs to' : `${calls} calls are below the request they belong to`,
  'trace-id-not-passed': () => 'the trace id does not pass here, so what a forced-off probe leaves cannot be found',
  'forced-off-traced': ({ probes, of }) => `${probes} of ${of} forced-off probes left spans from here on`,
  'forced-off-untraced': ({ probes }) => `${plural(probes, 'forced-off probe')} left nothing here`,
  'forced-off-too-few': ({ probes, ownRate, chance }) =>
    `the mesh itself traces at least ${floorPercent(ownRate)} % of its requests: ${plural(probes, 'forced-off probe')} would show a loss with ${floorPercent(chance)} % only`,
  'format-source': sourceWords,
  'ids-taken': ({ probes }) => `${plural(probes, 'probe')} came under the id carried`,
  'ids-taken-in-part': ({ probes, of }) => `${probes} of ${of} came under the id carried`,
  'ids-not-taken': () => 'no trace came under the id carried; others cannot be searched',
  'trials-not-found': () => 'no trace of these probes was found',
  'context-replaced': () => 'the gateway passes it through untouched and makes another context',
};

/** Probes of every kind that carry the header count, so that these may be more calls than a finding names. */
function lookedUp(calls: number, of: number): string {
  return calls === of ? 'every call that was looked up' : `${calls} of the ${plural(of, 'call')} that were looked up`;
}

/** Whole percent, not rounded up: 29 of 0.29, whatever 0.29 * 100 is to a machine. */
function floorPercent(share: number): number {
  return Math.floor(Number((share * 100).toPrecision(6)));
}
