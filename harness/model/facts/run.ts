import { z } from 'zod';
import type { Data } from '../schema.ts';
import { count, fact, share, word } from './values.ts';

/** `--only` and `--skip`, as given. */
const selections = z
  .array(z.strictObject({ what: word('Promise, code or tag'), reason: word('As given; absent: none was').optional() }))
  .min(1)
  .describe('What the option names.');

/** Facts of every promise: why it was not judged, and words that are in the capture. */
export const runFact = z.discriminatedUnion('kind', [
  fact('stated', 'Words of an incident or of a configuration issue, as the capture has them.', {
    text: word('The words'),
  }),
  fact('not-checked', 'The run ended before anything could be observed.', {}),
  fact('not-judged', 'The promise was not judged.', {}),
  fact('stopped-in-preflight', 'The run was stopped before the first probe.', {
    code: word('Code of the finding that says why').optional(),
  }),
  fact('run-interrupted', 'The run was ended from outside.', {}),
  fact('capture-cut', 'The capture has no end record.', {}),
  fact('a-verdict', 'A check gives a verdict.', {}),
  fact('check-crashed', 'A check of hopcheck crashed.', { error: word('Name and message of the error') }),
  fact('report-crash', 'The crash is a fault of hopcheck.', {}),
  fact('no-trace', 'There is no trace to judge.', {}),
  fact('traces-open', 'Traces were still changing when waiting ended.', {
    traces: count('those traces'),
    interrupted: z.literal(true).describe('The run was ended from outside.').optional(),
  }),
  fact('probes-open', 'Traces of probes were still changing when waiting ended.', {
    probes: count('those probes'),
    interrupted: z.literal(true).describe('The run was ended from outside.').optional(),
  }),
  fact('needs-request-list', 'A dump alone does not show what the promise needs.', {
    lacks: z.enum(['answers', 'requests', 'decisions', 'untraced']).describe('What a dump does not hold.'),
  }),
  fact('left-out', 'The promise was left out by an option.', {
    by: z.enum(['only', 'skip']).describe('The option.'),
    selections,
  }),
  fact('not-asked-for', 'The promise was left out by an option.', {}),
  fact('all-waived', 'Nothing that failed counts, and the run could not see everything.', {}),
  fact('limit-undecided', 'The share of a finding is neither certainly above its limit nor certainly below it.', {
    code: word('Code of the finding'),
    limit: share('The limit'),
    affected: count('those that it is about'),
    of: count('those that were looked at'),
    needed: count('requests that would decide; absent: more than ten million').optional(),
  }),
  fact('mixer-spans', 'Traces have spans of Mixer in them.', {
    traces: count('those traces'),
    of: count('traces'),
  }),
  fact('not-with-mixer', 'A mesh with Mixer cannot be held to this promise.', {
    why: z
      .enum(['foreign-calls', 'foreign-parents', 'two-decisions'])
      .describe("What Mixer's part in the traces makes impossible."),
  }),
  fact('ambient-mode', 'In ambient mode calls between workloads make no spans.', {}),
]);
export type RunFact = Data<typeof runFact>;
