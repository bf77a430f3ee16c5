import type { RunFact } from '../../harness/model/facts/run.ts';
import { percent, plural } from '../../harness/model/numbers.ts';
import type { Texts } from './texts.ts';

const LACKS = {
  answers: 'saved traces do not hold the answers',
  requests: 'saved traces do not show which requests were sent, and untraced requests are not among them',
  decisions: 'saved traces do not show which requests asked for a trace, and untraced requests are not among them',
  untraced: 'untraced requests are not among saved traces',
} as const;

const MIXER = {
  'foreign-calls': "Mixer's calls are among those of the application, so unexpected calls cannot be recognized",
  'foreign-parents': "Mixer's spans hang below calls that the application does not make",
  'two-decisions': 'Envoy and Mixer decide separately, so one request can have two decisions (istio#12019)',
} as const;

type LeftOut = Extract<RunFact, { kind: 'left-out' }>;

export const RUN_TEXTS: Texts<RunFact> = {
  stated: ({ text }) => text,
  'not-checked': () => 'not checked',
  'not-judged': () => 'not judged',
  'stopped-in-preflight': ({ code }) => `the run was stopped in preflight${code === undefined ? '' : ` (${code})`}`,
  'run-interrupted': () => 'the run was interrupted',
  'capture-cut': () => 'the capture is cut',
  'a-verdict': () => 'a verdict',
  'check-crashed': ({ error }) => `the check crashed: ${error}`,
  'report-crash': () => 'open an issue for hopcheck and attach the capture: this is a bug',
  'no-trace': () => 'no trace to judge',
  'traces-open': ({ traces, interrupted }) =>
    interrupted === true
      ? notYetJudged(plural(traces, 'trace'), traces)
      : `${plural(traces, 'trace')} did not settle in time`,
  'probes-open': ({ probes, interrupted }) =>
    interrupted === true
      ? notYetJudged(`the ${probes === 1 ? 'trace' : 'traces'} of ${plural(probes, 'probe')}`, probes)
      : `${plural(probes, 'probe')} did not settle in time`,
  'needs-request-list': ({ lacks }) => `${LACKS[lacks]}; import them with a list of requests (--requests)`,
  'left-out': ({ by, selections }) => selectionText(by, selections),
  'not-asked-for': () => 'not asked for',
  'all-waived': () => 'every failure is tolerated or left out, and the run could not see everything',
  'limit-undecided': ({ code, limit, affected, of, needed }) =>
    `${code} was seen in ${affected} of ${of}, which does not decide whether it is above the limit of ${percent(limit)}: ${
      needed === undefined ? 'more than ten million requests' : `about ${needed} requests`
    } would`,
  'mixer-spans': ({ traces, of }) => `spans of Mixer in ${traces} of ${plural(of, 'trace')}`,
  'not-with-mixer': ({ why }) => MIXER[why],
  'ambient-mode': () => 'ambient mode: ztunnel makes no spans, so calls between workloads are not observable',
};

function notYetJudged(what: string, count: number): string {
  return `${what} ${count === 1 ? 'is' : 'are'} not judged: more spans could still come when the run was ended`;
}

/** `--skip statistics (few probes)`, `--only smoke, --only HC501` */
export function selectionText(by: 'only' | 'skip', selections: LeftOut['selections']): string {
  return selections
    .map(({ what, reason }) => `--${by} ${what}${reason === undefined ? '' : ` (${reason})`}`)
    .join(', ');
}
