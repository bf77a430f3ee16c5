import { calledService, endMicros, isProxySpan, type Span, tag } from '../model/span.ts';
import { byStart, type Trace } from '../model/trace.ts';
import { isDuring, openMicros } from '../model/while-open.ts';
import { identify, type Naming } from '../model/workload.ts';

/** Finds the traces that may begin with the answer to this call of the service. */
export type AnswerSearch = (callee: string, call: Span) => readonly Trace[];

interface Answer {
  readonly trace: Trace;
  readonly span: Span;
}

/**
 * Traces that begin with the SERVER span of a service, though it was called from the mesh: the proxy of the callee got no
 * context, or another one. Where x-request-id and user agent are replaced as well, only place and time show whose answer it is: the same
 * address of the same kind of request, within the time of a call that has no SERVER span. A service may have other
 * clients, outside of the mesh. So at least half of the answers of a service must lie within such calls, or they are those.
 * @param loose traces that nothing else links to a request
 * @param all of the dump
 * @returns undefined where no trace begins so, within a call
 */
export function answersBegun(
  loose: readonly Trace[],
  all: readonly Trace[],
  naming: Naming | undefined,
): AnswerSearch | undefined {
  const begun = new Map<string, Answer[]>();
  for (const trace of loose) {
    const span = firstAnswer(trace);
    const service = span === undefined ? undefined : identify(span, naming)?.service;
    if (span === undefined || service === undefined) continue;
    const known = begun.get(service);
    if (known === undefined) begun.set(service, [{ trace, span }]);
    else known.push({ trace, span });
  }
  if (begun.size === 0) return undefined;
  for (const answers of begun.values()) answers.sort((a, b) => byStart(a.span, b.span));
  const fitting = (callee: string, call: Span) => within(call, begun.get(callee) ?? []).filter(fits(call));
  const called = new Map<string, Tally>();
  for (const trace of all) {
    for (const { callee, span } of unansweredCalls(trace, naming)) {
      if (!begun.has(callee)) continue;
      const tally = called.get(callee) ?? { calls: 0, answered: 0, answers: new Set() };
      called.set(callee, tally);
      const answers = fitting(callee, span);
      tally.calls += 1;
      tally.answered += Number(answers.length > 0);
      for (const answer of answers) tally.answers.add(answer);
    }
  }
  const found = new Map([...called].map(([callee, tally]) => [callee, believed(tally, begun.get(callee) ?? [])]));
  if ([...found.values()].every(({ size }) => size === 0)) return undefined;
  return (callee, call) =>
    fitting(callee, call).flatMap((answer) => (found.get(callee)?.has(answer) === true ? [answer.trace] : []));
}

/** The calls of a service without a SERVER span. */
interface Tally {
  calls: number;
  /** Those that an answer fits. */
  answered: number;
  readonly answers: Set<Answer>;
}

/** Nearly all. */
const MOST = 0.9;

/**
 * The answers that are those of calls. One that names a parent may be what is left of another request, of which the spans
 * above it got lost: it is believed where nearly all of them fit calls, and nearly all calls have one.
 */
function believed({ calls, answered, answers }: Tally, all: readonly Answer[]): ReadonlySet<Answer> {
  if (answers.size * 2 < all.length) return new Set();
  const isLeft = ({ span }: Answer) => span.parentId !== undefined;
  const left = [...answers].filter(isLeft);
  const isOfCalls = left.length >= all.filter(isLeft).length * MOST && answered >= calls * MOST;
  return isOfCalls ? answers : new Set([...answers].filter((answer) => !isLeft(answer)));
}

/** The SERVER span of a proxy that is above all others of the trace; undefined: it begins otherwise, or several times. */
function firstAnswer({ spans }: Trace): Span | undefined {
  const ids = new Set(spans.map(({ id }) => id));
  const [first, another] = spans.filter(({ parentId }) => parentId === undefined || !ids.has(parentId));
  return first?.kind === 'server' && isProxySpan(first) && another === undefined ? first : undefined;
}

/** Of these traces those that begin with the answer to a call which has no SERVER span in its own trace. */
export function answersToCalls(
  loose: readonly Trace[],
  all: readonly Trace[],
  naming: Naming | undefined,
): ReadonlySet<Trace> {
  const search = answersBegun(loose, all, naming);
  if (search === undefined) return new Set();
  return new Set(
    all.flatMap((trace) => unansweredCalls(trace, naming).flatMap(({ callee, span }) => search(callee, span))),
  );
}

/** Calls without a SERVER span. */
function unansweredCalls({ spans }: Trace, naming: Naming | undefined) {
  const answered = new Set(spans.flatMap(({ kind, parentId, id }) => (kind === 'server' ? [parentId, id] : [])));
  return spans.flatMap((span) => {
    const callee = span.kind === 'client' && isProxySpan(span) ? calledService(span, naming?.homes) : undefined;
    return callee === undefined || answered.has(span.id) ? [] : [{ callee, span }];
  });
}

/** Those that began while the call was open; they are in order of their starts. */
function within(call: Span, answers: readonly Answer[]): readonly Answer[] {
  const { from, to } = openMicros(call);
  let low = 0;
  let high = answers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((answers[middle]?.span.startMicros ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while ((answers[end]?.span.startMicros ?? Number.POSITIVE_INFINITY) <= to) end += 1;
  return answers.slice(low, end);
}

/** It ended before the call did, and its request has the same method and path as far as both spans tell. */
function fits(call: Span): ({ span }: Answer) => boolean {
  const method = tag(call, 'http.method');
  const path = pathOf(call);
  return ({ span }) => {
    const ownMethod = tag(span, 'http.method');
    const ownPath = pathOf(span);
    return (
      isDuring({ ...span, startMicros: endMicros(span) }, call) &&
      (method === undefined || ownMethod === undefined || method === ownMethod) &&
      (path === undefined || ownPath === undefined || path === ownPath)
    );
  };
}

function pathOf(span: Span): string | undefined {
  const url = tag(span, 'http.url');
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname : undefined;
}
