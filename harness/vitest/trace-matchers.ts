import { expect } from 'vitest';
import type { SeenTrace } from '../model/seen-trace.ts';
import { type Claim, callClaim, contextClaim, oneTreeClaim, type TagValue, tagClaim } from './trace-claims.ts';
import { spanWords, type TaggedSpans } from './trace-texts.ts';

/**
 * Of one trace, or of every trace of a list. An empty list fails, and so does a trace that shows neither the claim nor its
 * opposite, also with `.not`: nothing seen is not evidence.
 */
interface TraceMatchers {
  /** Both spans of a call are in the trace; of a callee without a sidecar the CLIENT span. */
  toCall: (caller: string, callee: string) => void;
  /** One entry, every span below it, and no part of the request in another trace. */
  toBeOneTree: () => void;
  /**
   * The trace context survives every call that the definition has; or those of one caller, or one call. A defect that
   * --tolerate or the baseline accounts for does not count.
   */
  toKeepContext: (caller?: string, callee?: string) => void;
  /**
   * At least one span has this tag, with this value: `toHaveTag('http.status_code', 200, { of: 'orders' })`. Tags go by
   * Envoy's names, also where the proxies write those of OpenTelemetry.
   */
  toHaveTag: (tag: string, value?: TagValue, spans?: TaggedSpans) => void;
}

declare global {
  // Vitest's own interface for matchers takes other parameters in each major version; Chai's is the same in all of them.
  namespace Chai {
    interface Assertion extends TraceMatchers {}
  }
}

type Given = SeenTrace | readonly SeenTrace[];

expect.extend({
  toCall(given: Given, caller: string, callee: string) {
    named('toCall', { caller, callee });
    const words = { claim: `${caller} calls ${callee}`, expected: `${caller} → ${callee}, both spans in this trace` };
    return judged(given, this, words, (trace) => callClaim(trace, caller, callee));
  },
  toBeOneTree(given: Given) {
    const words = { claim: 'the trace is one tree', expected: 'one entry, and every span of the request below it' };
    return judged(given, this, words, oneTreeClaim);
  },
  toKeepContext(given: Given, caller?: string, callee?: string) {
    const where = caller === undefined ? 'every call' : `${caller} → ${callee ?? 'every callee'}`;
    const words = { claim: `${where} keeps the context`, expected: `the trace context kept at ${where}` };
    return judged(given, this, words, (trace) => contextClaim(trace, caller, callee));
  },
  toHaveTag(given: Given, tag: string, value?: TagValue, spans: TaggedSpans = {}) {
    named('toHaveTag', { tag });
    const shown =
      value === undefined ? tag : `${tag} = ${value instanceof RegExp ? value : JSON.stringify(String(value))}`;
    const words = {
      claim: `a ${spanWords(spans)} has the tag ${shown}`,
      expected: `${shown} on a ${spanWords(spans)}`,
    };
    return judged(given, this, words, (trace) => tagClaim(trace, tag, value, spans));
  },
});

interface Words {
  readonly claim: string;
  readonly expected: string;
}

interface Told {
  readonly trace: SeenTrace;
  readonly claim: Claim;
}

/** @param matching Vitest sets `isNot` with `.not` alone: without, Vitest 5 leaves it undefined. */
function judged(
  given: Given,
  matching: { readonly isNot?: boolean | undefined },
  words: Words,
  claimOf: (trace: SeenTrace) => Claim,
) {
  const isNot = matching.isNot === true;
  const traces = tracesIn(given);
  const wanted = isNot ? 'refuted' : 'holds';
  const told = traces.map((trace): Told => ({ trace, claim: claimOf(trace) }));
  const others = told.filter(({ claim }) => claim.state !== wanted);
  const isAsWanted = traces.length > 0 && others.length === 0;
  return { pass: isAsWanted !== isNot, message: () => messageOf(told, others, words, isNot) };
}

function messageOf(all: readonly Told[], others: readonly Told[], { claim, expected }: Words, isNot: boolean): string {
  if (all.length === 0)
    return `inconclusive: the list of traces is empty, so that nothing was checked. Expected at least one trace, e.g. traces.of('checkout') before any filter`;
  const open = others.filter(({ claim: { state } }) => state === 'open');
  const wrong = others.filter(({ claim: { state } }) => state !== 'open');
  const requests = [...new Set(all.map(({ trace }) => trace.request))].join(', ');
  const of = (list: readonly Told[]) => `${list.length} of ${all.length} traces of ${requests}`;
  const wanted = isNot ? `not the case that ${claim}` : claim;
  const lines = [
    ...(wrong.length > 0 ? [`wrong: expected ${wanted}; ${of(wrong)} show something else`] : []),
    ...(open.length > 0 ? [`inconclusive: expected ${wanted}; ${of(open)} do not show it either way`] : []),
  ];
  const shown = [...wrong.slice(0, 2), ...open.slice(0, wrong.length > 0 ? 1 : 2)];
  return [...lines, ...shown.flatMap((one) => traceLines(one, isNot ? `not: ${expected}` : expected))].join('\n');
}

function traceLines({ trace, claim }: Told, expected: string): readonly string[] {
  const calls = trace.calls.filter(({ seen }) => seen !== 'unknown' && seen !== 'nowhere');
  const status = trace.status === undefined ? 'no answer' : `answer ${trace.status}`;
  return [
    `  trace     ${trace.id ?? 'not found'} (probe ${trace.probe}, ${trace.request}, ${status})`,
    `  expected  ${expected}`,
    `  received  ${claim.received}`,
    `  calls     ${calls.map(({ caller, callee }) => `${caller} → ${callee}`).join(', ') || 'none was seen'}`,
    ...(trace.link === undefined ? [] : [`  open      ${trace.link}`]),
  ];
}

/** @throws Error for anything that is not a trace: most likely the report. */
function tracesIn(given: unknown): readonly SeenTrace[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const isTrace = (one: unknown) => typeof one === 'object' && one !== null && 'spans' in one && 'calls' in one;
  if (list.every(isTrace)) return list as readonly SeenTrace[];
  throw new Error(
    "this matcher is for traces: expected a trace or a list of traces of the fixture `traces`, e.g. expect(traces.of('checkout'))",
  );
}

function named(matcher: string, names: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(names))
    if (typeof value !== 'string' || value === '')
      throw new Error(`${matcher}: ${name} must be a name, e.g. expect(trace).toCall('front', 'orders')`);
}
