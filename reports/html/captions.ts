import type { RunReport } from '../../harness/model/report.ts';
import { seenInWords } from '../run-words.ts';
import { isFound } from '../words.ts';
import { count } from './shared/format.ts';

/** The numbers on the map, and the traces left out of them. */
export function mapWords(report: RunReport): string {
  const { run, detail } = report;
  if (run.contract !== undefined) return 'The service under test and its upstreams, which hopcheck played.';
  if (run.traces === 0) return 'No trace was seen: this is the application as it is defined.';
  const parts = [`On each hop: ${seenInWords(report)}`];
  if (hasFragments(detail?.traces ?? [])) parts.push('Elsewhere: found under another trace id.');
  return parts.join(' ');
}

/** What the pictures of times leave out, and what makes their figures less than they look. */
export function timesCaveats(report: RunReport): string {
  const traces = report.detail?.traces ?? [];
  const open = traces.filter(({ state }) => state === 'open').length;
  return [
    open > 0 && `${count(open, 'trace')} did not settle: more spans of them may have come later.`,
    hasFragments(traces) && 'Spans that were found under another trace id are left out.',
    isFound(report, 'HC717') &&
      'Clocks are apart (HC717): what one service says of another is off by as much, and so is where its bars lie.',
  ]
    .filter((text) => text !== false)
    .join(' ');
}

function hasFragments(traces: NonNullable<RunReport['detail']>['traces']): boolean {
  return traces.some(({ fragments }) => fragments.length > 0);
}
