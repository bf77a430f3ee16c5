import { CODES } from '../model/codes.ts';
import type { Finding, Subject } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { TELLING_ORDER } from '../model/promises.ts';
import type { Verdict } from '../model/report.ts';
import { shareWords } from '../model/share-words.ts';
import { plural } from './calls.ts';
import { subjectKey } from './finding-collector.ts';

/** The verdict and its reason in one sentence, for people and for the subject of an alert. */
export function sentenceOf(verdict: Verdict, outcomes: readonly Outcome[], probes: number, traces: number): string {
  if (verdict === 'pass') {
    const held = outcomes.filter(({ status }) => status === 'pass').length;
    const rest = outcomes.length - held;
    const others = rest === 0 ? '' : ` (${rest} not judged)`;
    return `all ${held} promises judged hold${others}: ${plural(probes, 'probe')}, ${plural(traces, 'trace')}`;
  }
  const relevant = outcomes
    .filter(({ status }) => status === verdict)
    .toSorted((a, b) => TELLING_ORDER.indexOf(a.promise) - TELLING_ORDER.indexOf(b.promise));
  if (verdict === 'fail') {
    const errors = relevant.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));
    const [first] = errors;
    if (first === undefined) return describeCause(relevant, outcomes);
    const more = errors.length > 1 ? ` (and ${plural(errors.length - 1, 'more finding')})` : '';
    return `${describeFinding(first)}${more}`;
  }
  const environment = outcomes.find(({ promise }) => promise === 'environment');
  const cause = environment?.findings.find(({ severity }) => severity === 'error');
  if (cause !== undefined) return `could not decide: ${CODES[cause.code].title}: ${cause.received}`;
  // Where there is no probe, the environment says why, and no other promise knows better.
  if (probes === 0 && environment?.reason !== undefined) return `could not decide: ${environment.reason}`;
  const [first] = relevant;
  return `could not decide ${first?.promise ?? 'anything'}: ${first?.reason ?? 'no promise was judged'}`;
}

/** All that failed is explained by what is no error itself, such as a fault that the configuration injects. */
function describeCause(failed: readonly Outcome[], outcomes: readonly Outcome[]): string {
  const explained = failed.flatMap(({ findings }) => findings).find(({ explainedBy }) => explainedBy !== undefined);
  const ref = explained?.explainedBy;
  const cause = outcomes
    .find(({ promise }) => promise === ref?.promise)
    ?.findings.find(({ code, subject }) => code === ref?.code && subjectKey(subject) === subjectKey(ref.subject));
  return cause === undefined ? 'an expectation failed' : `${describeFinding(cause)}: ${cause.received}`;
}

function describeFinding(finding: Finding): string {
  const { code, subject, share, received, causes } = finding;
  const words = shareWords(finding);
  const times = share.of > 1 && words !== '' ? ` (${words})` : '';
  if (subject.kind === 'hop') {
    const many = (subject.callerVersions?.length ?? 0) > 1;
    const does = SENTENCES[causes[0] ?? '']?.(many, subject.callee);
    if (does !== undefined) return `${callerName(subject)} ${does}${times}`;
    return `${callerName(subject)} → ${subject.callee}: ${CODES[code].title}${times}`;
  }
  if (subject.kind === 'service') {
    const versions = subject.versions === undefined ? '' : ` ${subject.versions.join(', ')}`;
    const what = causes[0] === 'spans-lost' ? 'some of its spans get lost' : CODES[code].title;
    return `${subject.service}${versions}: ${what}${times}`;
  }
  return `${CODES[code].title}${times}: ${received}`;
}

/** What the application of the caller does, by the first of the causes. */
const SENTENCES: Readonly<Partial<Record<string, (many: boolean, callee: string) => string>>> = {
  'context-dropped': (many, callee) => `${many ? 'do' : 'does'} not pass the trace context on to ${callee}`,
  'request-id-dropped': (many, callee) => `${many ? 'do' : 'does'} not pass x-request-id on to ${callee}`,
  'trace-restarted': (many, callee) => `${many ? 'start' : 'starts'} a new trace for the call to ${callee}`,
  'id-truncated': (many, callee) => `${many ? 'cut' : 'cuts'} the trace id to 64 bit in the call to ${callee}`,
  'context-reused': (many, callee) => `${many ? 'send' : 'sends'} the context of another request to ${callee}`,
  'parent-wrong': (many, callee) => `${many ? 'link' : 'links'} the call to ${callee} to the wrong parent`,
  'parent-phantom': (many, callee) =>
    `${many ? 'name' : 'names'} a parent that nobody reported in the call to ${callee}`,
  'sampled-changed': (many, callee) => `${many ? 'change' : 'changes'} the sampling decision in the call to ${callee}`,
};

function callerName({ caller, callerVersions }: Extract<Subject, { kind: 'hop' }>): string {
  return callerVersions === undefined ? caller : `${caller} ${callerVersions.join(', ')}`;
}
