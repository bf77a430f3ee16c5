import type { FindingCode } from '../model/codes.ts';
import { type FindingRef, refTo } from '../model/finding.ts';
import { entriesOf } from '../model/of-request.ts';
import { calledService } from '../model/span.ts';
import { identify } from '../model/workload.ts';
import { type Circumstance, type Noted, servicesIn } from './circumstance.ts';
import type { RunView } from './run-view.ts';
import type { SeenChange } from './seen-change.ts';
import { seenChanges } from './seen-changes.ts';
import { MESH_CHANGED } from './weigh-change.ts';

/** Errors that users see while pods come and go, and calls that fail or are made again. */
const ERRORS: ReadonlySet<FindingCode> = new Set([
  ...(['HC101', 'HC102', 'HC103', 'HC104', 'HC105', 'HC303', 'HC305'] as const),
]);
/** Spans that a pod still held when it ended. */
const LOST: ReadonlySet<FindingCode> = new Set(['HC302', 'HC306', 'HC308', 'HC402', 'HC501', 'HC603']);
/** Shares of a whole run. */
const SHARES: ReadonlySet<FindingCode> = new Set(['HC201', 'HC202', 'HC203', 'HC204']);
/** Effects of another tracer on traces: other ids, another format, spans of both in one request. */
const TRACING: ReadonlySet<FindingCode> = new Set([
  ...(['HC301', 'HC302', 'HC303', 'HC306', 'HC308', 'HC401', 'HC402', 'HC405', 'HC406', 'HC407', 'HC408'] as const),
  ...(['HC501', 'HC502', 'HC503', 'HC504', 'HC505', 'HC506', 'HC507', 'HC509', 'HC510'] as const),
  ...(['HC601', 'HC602', 'HC603', 'HC604', 'HC705', 'HC717'] as const),
]);

/**
 * The effects of a change of the mesh are not decided (docs/architecture.md#rule-13): of the service that changed, from
 * the change on, and of a kind that such a change can cause.
 */
export function changedMeanwhile(view: RunView): Circumstance | undefined {
  const changes = seenChanges(view);
  if (changes.length === 0) return undefined;
  const ref: FindingRef = refTo(MESH_CHANGED, { kind: 'mesh' });
  return { explains: (note) => (changes.some((change) => follows(note, change, view)) ? ref : undefined) };
}

function follows(note: Noted, { fact, fromMs }: SeenChange, view: RunView): boolean {
  const { code, exchange } = note;
  const { flushMs } = view.capture.expectations;
  if (fact.what === 'provider') return TRACING.has(code) && (exchange?.answeredAtMs ?? fromMs) >= fromMs;
  const { service, version } = fact;
  if (service === undefined) return false;
  if (SHARES.has(code)) return note.subject.kind === 'service' && note.subject.service === service;
  if (!concerns(note, service, version, view)) return false;
  if (exchange === undefined) return false;
  if (ERRORS.has(code)) return exchange.answeredAtMs >= fromMs;
  // Of what a pod still held, the requests were answered before.
  return LOST.has(code) && isLoss(note) && exchange.answeredAtMs >= fromMs - flushMs.value;
}

/** A call that was seen to go wrong is not a lost span. */
function isLoss({ code, received }: Noted): boolean {
  return (code !== 'HC501' && code !== 'HC603') || received.kind === 'call-unseen';
}

function concerns({ code, subject, spans }: Noted, service: string, version: string | undefined, view: RunView) {
  const { application, naming } = view;
  if (subject.kind === 'mesh') return service === application.gateway || entriesOf(application).includes(service);
  if (subject.kind === 'backend') {
    const [span] = spans ?? [];
    return (
      code === 'HC308' &&
      span !== undefined &&
      (calledService(span) === service || identify(span, naming)?.service === service)
    );
  }
  if (!servicesIn(subject).includes(service)) return false;
  const named =
    subject.kind === 'service'
      ? subject.versions
      : subject.kind === 'hop'
        ? subject.caller === service
          ? subject.callerVersions
          : subject.calleeVersions
        : undefined;
  return version === undefined || named === undefined || named.includes(version);
}
