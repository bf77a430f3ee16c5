import { type KnownNames, knownNames, subjectLabel } from '../../reports/prometheus-labels.ts';
import { brokenText } from '../../reports/text/watch.ts';
import type { Finding } from '../model/finding.ts';
import { TELLING_ORDER } from '../model/promises.ts';
import type { RunReport } from '../model/report.ts';
import type { WatchedRun, WatchSign } from '../model/watch.ts';

/** When a run of the watch took place, and how it ended. */
export type Course = Pick<WatchedRun, 'id' | 'startedAtMs' | 'endedAtMs' | 'aheadMs' | 'end'>;

/** Signs of one run at most: a mesh where everything is wrong needs no more to say so. */
const MOST_SIGNS = 50;

/** The part of a run with a report that is remembered. */
export function recordOf(report: RunReport, course: Course): WatchedRun {
  const names = knownNames(report);
  const findings = counting(report);
  const hop = findings.find(({ subject }) => subject.kind === 'hop');
  return {
    ...course,
    verdict: report.verdict,
    sentence: report.sentence,
    codes: [...new Set(findings.map(({ code }) => code))],
    hop: hop === undefined ? '' : subjectLabel(hop.subject, names),
    promises: Object.fromEntries(report.promises.map(({ id, status }) => [id, status])),
    signs: signsOf(report, findings, names),
    probes: report.run.probes,
  };
}

/** The same of a run that has none: it could not decide. */
export function recordWithout(course: Course, why: string): WatchedRun {
  return {
    ...course,
    verdict: 'inconclusive',
    sentence: brokenText(course.end, why),
    codes: [],
    hop: '',
    promises: {},
    signs: [{ code: 'inconclusive', subject: '' }],
    probes: 0,
  };
}

/** The findings that fail the run: errors, or warnings where those are what failed it. In the order of the sentence. */
function counting({ verdict, promises }: RunReport): readonly Finding[] {
  if (verdict !== 'fail') return [];
  const ordered = promises
    .filter(({ status }) => status === 'fail')
    .toSorted((a, b) => TELLING_ORDER.indexOf(a.id) - TELLING_ORDER.indexOf(b.id))
    .flatMap(({ findings }) => findings)
    .filter(({ waived, explainedBy }) => waived === undefined && explainedBy === undefined);
  const errors = ordered.filter(({ severity }) => severity === 'error');
  return errors.length > 0 ? errors : ordered.filter(({ severity }) => severity === 'warning');
}

function signsOf({ verdict }: RunReport, findings: readonly Finding[], names: KnownNames): readonly WatchSign[] {
  if (verdict === 'pass') return [];
  const signs = findings.map(({ code, subject }) => ({ code, subject: subjectLabel(subject, names) }));
  return signs.length > 0 ? signs.slice(0, MOST_SIGNS) : [{ code: verdict, subject: '' }];
}
