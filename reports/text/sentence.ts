import { CODES, type FindingCode } from '../../harness/model/codes.ts';
import type { JudgedFinding, Subject } from '../../harness/model/finding.ts';
import { percent, plural } from '../../harness/model/numbers.ts';
import type { JudgedPromise, JudgedRun } from '../../harness/model/report.ts';
import { shareWords } from '../../harness/model/share-words.ts';
import { byTelling, culpritOf, errorsOf } from './culprit.ts';
import { factText, receivedText } from './fact-text.ts';
import { endedText } from './ingress.ts';
import { outageSentence } from './outage-sentence.ts';
import { answerText } from './values.ts';

/** The verdict and its reason in one sentence, for people and for the subject of an alert. */
export function sentenceOf({ verdict, promises: all, policy, run }: JudgedRun): string {
  const promises = all.map((promise) => ({
    ...promise,
    findings: promise.findings.filter(({ waived }) => waived === undefined),
  }));
  const counts =
    run.contract === undefined
      ? `${plural(run.probes, 'probe')}, ${plural(run.traces, 'trace')}`
      : `${plural(run.probes, 'request')}, ${plural(run.contract.calls, 'call')}`;
  switch (verdict) {
    case 'pass': {
      const waivers = waiversText(all);
      const below = belowText(promises);
      if (waivers !== '' || below !== '')
        return `passed, ${[waivers, below].filter((text) => text !== '').join(', ')}: ${counts}`;
      return `${run.contract === undefined ? heldText(promises) : forwardsText(run.contract)}: ${counts}`;
    }
    case 'fail': {
      const stale = staleText(policy, promises);
      if (stale !== undefined) return stale;
      const culprit = culpritOf({ verdict, promises: all, ...(policy !== undefined && { policy }) });
      const warned = policy?.failOn.includes('warning') === true;
      const failure = culprit === undefined ? 'an expectation failed' : failureText(culprit, promises, warned);
      const ended = endedEarly(promises);
      return ended === undefined ? failure : `${failure} (preliminary: ${ended})`;
    }
    case 'inconclusive':
      return `could not decide${undecidedText(promises, run.probes)}`;
  }
}

function heldText(promises: readonly JudgedPromise[]): string {
  const held = promises.filter(({ status }) => status === 'pass').length;
  const rest = promises.length - held;
  return `all ${held} promises judged hold${rest === 0 ? '' : ` (${rest} not judged)`}`;
}

/** `with a warning: HC507 was seen in 1 of 60 calls, below its limit of 20 %`; empty where nothing below a limit was seen. */
function belowText(promises: readonly JudgedPromise[]): string {
  const seen = promises
    .flatMap(({ findings }) => findings)
    .flatMap((finding) =>
      finding.limit?.decision === 'below' && finding.explainedBy === undefined
        ? [`${finding.code} was seen in ${shareWords(finding)}, below its limit of ${percent(finding.limit.share)}`]
        : [],
    );
  const [first] = seen;
  if (first === undefined) return '';
  return seen.length === 1 ? `with a warning: ${first}` : `with ${seen.length} warnings: ${seen.join('; ')}`;
}

/** Of one service without a mesh. */
function forwardsText({ service, upstreams }: NonNullable<JudgedRun['run']['contract']>): string {
  return `${service} passes every required header on to ${upstreams.map(({ name }) => name).join(', ')}`;
}

/** `1 finding tolerated, 2 known`; empty where everything counts that stands for itself. */
function waiversText(promises: readonly JudgedPromise[]): string {
  const waived = promises
    .flatMap(({ findings }) => findings)
    .flatMap(({ waived, severity, explainedBy }) =>
      waived === undefined || severity === 'info' || explainedBy !== undefined ? [] : [waived.by],
    );
  const words = {
    tolerate: 'tolerated',
    baseline: 'known',
    only: 'left out',
    skip: 'left out',
    max: 'within a limit',
  } as const;
  const counts = [...Map.groupBy(waived, (by) => words[by])];
  return counts
    .map(([word, same], index) => `${index === 0 ? plural(same.length, 'finding') : same.length} ${word}`)
    .join(', ');
}

/** @param warned warnings fail a run too. */
function failureText(culprit: JudgedFinding, promises: readonly JudgedPromise[], warned: boolean): string {
  const failed = promises.filter(({ status }) => status === 'fail');
  const errors = errorsOf(failed);
  const more = errors.length > 1 ? ` (and ${plural(errors.length - 1, 'more finding')})` : '';
  if (errors.includes(culprit)) return `${describe(culprit)}${more}`;
  const received = receivedText(culprit.facts);
  if (warned && culprit.severity === 'warning' && failed.some(({ findings }) => findings.includes(culprit)))
    return `a warning counts as a failure (--fail-on warning): ${culprit.code}: ${received}`;
  // Every failure follows from a finding that is not an error itself, such as a fault that the configuration injects.
  return `${describe(culprit)}: ${received}`;
}

/** The toleration that fails a run without a failing promise. */
function staleText(policy: JudgedRun['policy'], promises: readonly JudgedPromise[]): string | undefined {
  if (promises.some(({ status }) => status === 'fail')) return undefined;
  const stale = policy?.tolerated.filter(({ state }) => state === 'stale') ?? [];
  const [first] = stale;
  if (first === undefined) return undefined;
  const name = `${first.code}${first.subject === undefined ? '' : ` ${first.subject}`}`;
  const more = stale.length > 1 ? `, and so do ${stale.length - 1} more` : '';
  return `a toleration fits nothing that was found (--fail-on stale): ${name}${more}`;
}

/** ` ingress: no probe was answered`; where there is no probe, the environment says why, and no promise knows better. */
function undecidedText(promises: readonly JudgedPromise[], probes: number): string {
  const environment = promises.find(({ id }) => id === 'environment');
  const cause = environment?.findings.find(({ severity }) => severity === 'error');
  const ended = cause?.code === 'HC715' ? endedEarly(promises) : undefined;
  if (ended !== undefined) return `: ${ended}`;
  if (cause !== undefined) return `: ${CODES[cause.code].title}: ${receivedText(cause.facts)}`;
  const reason = environment?.facts.reason;
  if (probes === 0 && reason !== undefined) return `: ${factText(reason)}`;
  const [first] = byTelling(promises.filter(({ status }) => status === 'inconclusive'));
  const why = first?.facts.reason;
  return ` ${first?.id ?? 'anything'}: ${why === undefined ? 'no promise was judged' : factText(why)}`;
}

/** `the run was ended after 28 of 72 probes, when 12 of their traces were complete`; undefined: it ran to its end. */
function endedEarly(promises: readonly JudgedPromise[]): string | undefined {
  const facts = promises.flatMap(({ findings }) => findings).find(({ code }) => code === 'HC715')?.facts;
  if (facts?.received.kind !== 'ended-after' || facts.expected.kind !== 'planned-probes') return undefined;
  const after = `the run was ended after ${facts.received.probes} of ${plural(facts.expected.probes, 'probe')}`;
  const observed = promises.find(({ id }) => id === 'environment')?.facts.observed;
  if (observed?.kind !== 'run-observed') return after;
  const { settled } = observed;
  const complete =
    settled === 0
      ? 'none of their traces was'
      : settled === 1
        ? 'one of their traces was'
        : `${settled} of their traces were`;
  return `${after}, when ${complete} complete`;
}

type HopSubject = Extract<Subject, { kind: 'hop' }>;

function describe(finding: JudgedFinding): string {
  const { callees: _, ...rest } = finding;
  const { code, subject, share, causes, facts } = finding;
  const outage = outageSentence(finding);
  if (outage !== undefined) return outage;
  const words = shareWords(finding);
  const times = share.of > 1 && words !== '' ? ` (${words})` : '';
  if (subject.kind === 'hop') {
    const { callee } = subject;
    if (facts.received.kind === 'fault-injected')
      return `${callerName(subject)} → ${callee}: an Istio fault injection rule ${facts.received.effect} calls in ${words}`;
    if (facts.received.kind === 'call-failed')
      return `the calls of ${callerName(subject)} to ${callee} fail: ${answerText(facts.received.answer)}${times}`;
    if (facts.received.kind === 'arrived-uncaptured')
      return `the proxy of ${callerName(subject)} makes no span of its calls to ${callee}${times}`;
    if (facts.received.kind === 'call-not-captured' && facts.received.callees !== undefined)
      return `no trace shows the calls of ${callerName(subject)} to ${callee}${times}`;
    if (facts.received.kind === 'call-not-captured' || causes[0] === 'not-captured')
      return `no trace shows the call ${callerName(subject)} → ${callee}${times}`;
    if (causes[0] === 'parent-phantom') return `${possessive(subject)} creates spans that it never exports${times}`;
    const does = HOP_SENTENCES[causes[0] ?? '']?.((subject.callerVersions?.length ?? 0) > 1, callee);
    if (does !== undefined) return `${callerName(subject)} ${does}${times}`;
    const ended = 'ended' in facts.received ? endedText(facts.received.ended) : '';
    return `${callerName(subject)} → ${callee}: ${CODES[code].title}${times}${ended}`;
  }
  if (finding.callees !== undefined && subject.kind === 'service') {
    const { service: caller, versions } = subject;
    const hop = { kind: 'hop', caller, callee: finding.callees.map(({ callee }) => callee).join(' and ') } as const;
    return describe({ ...rest, subject: { ...hop, ...(versions !== undefined && { callerVersions: versions }) } });
  }
  if (subject.kind === 'service') {
    const name = [subject.service, subject.versions?.join(', ') ?? ''].filter((part) => part !== '').join(' ');
    const { received } = facts;
    if (received.kind === 'service-silent' && received.evidence === 'one-address')
      return `the pod of ${name} at ${received.address ?? 'one address'} sends no spans${times}`;
    const does = causes[0] === 'spans-lost' ? 'loses some of its spans' : SERVICE_SENTENCES[code];
    return `${name}${does === undefined ? `: ${CODES[code].title}` : ` ${does}`}${times}`;
  }
  return `${CODES[code].title}${times}: ${receivedText(facts)}`;
}

/** What the application of the caller does, by the first of the causes. */
const HOP_SENTENCES: Readonly<Partial<Record<string, (many: boolean, callee: string) => string>>> = {
  'context-dropped': (many, callee) => `${many ? 'do' : 'does'} not pass the trace context on to ${callee}`,
  'request-id-dropped': (many, callee) => `${many ? 'do' : 'does'} not pass x-request-id on to ${callee}`,
  'trace-restarted': (many, callee) => `${many ? 'start' : 'starts'} a new trace for the call to ${callee}`,
  'id-truncated': (many, callee) => `${many ? 'cut' : 'cuts'} the trace id to 64 bit in the call to ${callee}`,
  'context-reused': (many, callee) => `${many ? 'send' : 'sends'} the context of another request to ${callee}`,
  'parent-wrong': (many, callee) => `${many ? 'link' : 'links'} the call to ${callee} to the wrong parent`,
  'header-dropped': (many, callee) => `${many ? 'lose' : 'loses'} a tracing header in the call to ${callee}`,
  'header-changed': (many, callee) => `${many ? 'change' : 'changes'} a tracing header in the call to ${callee}`,
  'header-invented': (many, callee) => `${many ? 'add' : 'adds'} a tracing header to the call to ${callee}`,
  'sampled-changed': (many, callee) => `${many ? 'change' : 'changes'} the sampling decision in the call to ${callee}`,
};

/** What a service does. */
const SERVICE_SENTENCES: Readonly<Partial<Record<FindingCode, string>>> = {
  HC201: 'was never served',
  HC203: 'was served and is not expected',
  HC301: 'is missing from the traces',
  HC306: 'sends no spans',
  HC603: 'is where traces end',
};

/** `productpage's tracing library`, `the tracing library of reviews v2, v3` */
function possessive(subject: HopSubject): string {
  return subject.callerVersions === undefined
    ? `${subject.caller}'s tracing library`
    : `the tracing library of ${callerName(subject)}`;
}

function callerName({ caller, callerVersions }: HopSubject): string {
  return callerVersions === undefined ? caller : `${caller} ${callerVersions.join(', ')}`;
}
