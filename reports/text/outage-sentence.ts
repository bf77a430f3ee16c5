import type { LoadBalancingFact } from '../../harness/model/facts/load-balancing.ts';
import type { CallAnswer, CallFailure } from '../../harness/model/facts/values.ts';
import type { JudgedFinding } from '../../harness/model/finding.ts';
import { plural } from '../../harness/model/numbers.ts';
import { shareWords } from '../../harness/model/share-words.ts';
import { lateText, shortAnswer } from './values.ts';

type NeverServed = Extract<LoadBalancingFact, { kind: 'never-served' }>;

/** The parts of a sentence about a service that fails, by the finding's first cause. */
interface Failing {
  readonly service: string;
  /** With the versions that the finding names. */
  readonly caller: string;
  readonly answer?: CallAnswer | undefined;
  readonly failure?: CallFailure | undefined;
}

/**
 * The sentence of an outage, with the service that fails as its subject and what users see of it: `ratings cannot be reached
 * (503, connection refused): 58 of 86 pages show an error`. undefined: the finding is about something else.
 */
export function outageSentence(finding: JudgedFinding): string | undefined {
  const failing = failingOf(finding);
  if (failing === undefined) return undefined;
  const { service, caller, answer, failure } = failing;
  const shown = answer === undefined ? '' : shortAnswer(answer, failure);
  const brackets = shown === '' ? '' : ` (${shown})`;
  switch (finding.causes[0]) {
    case 'callee-unreachable':
      return `${service} cannot be reached${brackets}${seenText(finding)}`;
    case 'callee-down':
      return `${service} does not run behind its sidecar${brackets}${seenText(finding)}`;
    case 'callee-closed':
      return `${service} closes connections instead of answering${brackets}${seenText(finding)}`;
    case 'caller-cancelled':
      return `${caller} gives up calls of ${service} before they can be answered${brackets}${seenText(finding)}`;
    case 'callee-error':
      return `${service} answers with errors${brackets}${seenText(finding)}`;
    case 'callee-slow':
      return `${service} answers too late${failure === undefined ? brackets : `: ${lateText(caller, failure)}`}${seenText(finding)}`;
    default:
      return undefined;
  }
}

function failingOf({ code, subject, facts: { received } }: JudgedFinding): Failing | undefined {
  if (code === 'HC102' && received.kind === 'http-status' && received.service !== undefined) {
    const { service, answer, failure } = received;
    return { service, caller: 'the gateway', answer, failure };
  }
  if (code === 'HC201' && subject.kind === 'service')
    return { service: [subject.service, ...(subject.versions ?? [])].join(' '), caller: '' };
  if (subject.kind !== 'hop') return undefined;
  const common = { service: [subject.callee, ...(subject.calleeVersions ?? [])].join(' '), caller: subject.caller };
  if (code === 'HC103' && received.kind === 'error-banner')
    return { ...common, answer: received.answer, failure: received.failure };
  if (code === 'HC303' && received.kind === 'no-server-span')
    return { ...common, answer: received.answer, failure: received.failure };
  return undefined;
}

/** How much of it users see; where no page shows it, in how many traces it was seen. */
function seenText(finding: JudgedFinding): string {
  const { code, share, facts } = finding;
  const { received } = facts;
  switch (code) {
    case 'HC103':
      return `: ${pagesText(share)}`;
    case 'HC102':
      return `: ${shareWords(finding)} ${share.affected === 1 ? 'was' : 'were'} answered ${received.kind === 'http-status' ? received.status : 'with an error'}`;
    case 'HC201':
      return received.kind === 'never-served' ? neverText(received, finding.causes[0] === 'callee-slow') : '';
    default:
      return ` (${shareWords(finding)})`;
  }
}

/** Retries may hide a version that never answers from some pages, or from all of them. */
function neverText({ unanswered, pages }: NeverServed, isLate: boolean): string {
  const attempts = `: none of ${plural(unanswered, 'attempt')} was ${isLate ? 'answered in time' : 'served'}`;
  if (pages === undefined || pages.affected === 0) return attempts;
  return `${attempts}, and ${pagesText(pages)}`;
}

function pagesText({ affected, of }: { readonly affected: number; readonly of: number }): string {
  return `${affected} of ${plural(of, 'page')} ${affected === 1 ? 'shows' : 'show'} an error`;
}
