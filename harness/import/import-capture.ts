import { createHash } from 'node:crypto';
import type { ReadableApplication } from '../model/application.ts';
import {
  type BackendApi,
  CAPTURE_SCHEMA,
  type Capture,
  type ConfiguredOption,
  type Expectations,
  type GatewayProfile,
  type SearchedWindow,
  type SettledTrace,
  type Sourced,
} from '../model/capture.ts';
import type { ContextFormat } from '../model/exchange.ts';
import { LATEST_MS, SLS_SPANS } from '../model/limits.ts';
import { tag } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { DumpForms } from './dump-forms.ts';
import type { Claim } from './dump-index.ts';
import { type DumpIndex, indexDump } from './dump-index.ts';
import { foundProbes } from './found-probes.ts';
import { findFragments } from './fragments.ts';
import { listedProbes } from './listed-probes.ts';
import { meshFormat } from './mesh-format.ts';
import { nameDump } from './name-dump.ts';
import type { ListedRequest } from './requests.ts';
import { unfinishedTraces } from './unfinished.ts';

export interface ImportInput {
  readonly application: ReadableApplication;
  readonly traces: readonly Trace[];
  /** How many files they came from. */
  readonly files: number;
  /** What was asked of a trace backend, where the traces come from one; absent: they come from files. */
  readonly searched?: SearchedWindow;
  /** What that backend speaks. */
  readonly api?: BackendApi;
  /** What was sent; absent: no list was given. */
  readonly requests?: readonly ListedRequest[];
  /** The dump holds every trace of these requests: what is not in it did not happen. */
  readonly complete: boolean;
  /** Reading was ended before all of it was read: nothing passes. Default: it was read whole. */
  readonly isCut?: boolean;
  readonly expectations: Expectations;
  readonly configuration?: readonly ConfiguredOption[];
  /** The mesh's own; absent: found out. */
  readonly format?: Sourced<ContextFormat>;
  readonly gatewayProfile?: Sourced<GatewayProfile>;
  /** For the command that repeats a request; absent: as the gateway's spans tell, if they do. */
  readonly ingress?: URL;
  /** Where links go; absent: there are none. */
  readonly traceBackend?: URL;
  /** The forms of these traces, where the caller judges the capture by them, too. Default: found here. */
  readonly forms?: DumpForms;
  /** The version that imports. */
  readonly hopcheck: string;
}

/**
 * A capture as if hopcheck had made it, out of a dump. Each trace is `imported`: taken as final. Traces that share a
 * request's x-request-id or its own user agent are its fragments; traces that belong to no request stay out and are
 * counted. Pure; the same input gives the same capture.
 */
export function importCapture(input: ImportInput): Capture {
  const { application, traces, files, requests, complete, expectations } = input;
  const forms = input.forms ?? new DumpForms(traces);
  const named = nameDump(traces, application.definition, expectations, forms);
  const dump = indexDump(traces, named.application, named.naming, forms);
  const claims = requests === undefined ? foundProbes(dump, named.naming) : listedProbes(requests, dump, application);
  const fragments = findFragments(claims, dump, named.application, named.naming);
  const claimed = new Set([...claims.flatMap(({ own }) => own ?? []), ...fragments.map(({ trace }) => trace)]);
  const format = input.format ?? meshFormat(claims, traces);
  const exchanges = claims.map(({ exchange }) => exchange);
  const unfinished = complete
    ? new Set<Trace>()
    : unfinishedTraces({
        claims,
        others: traces.filter((trace) => !claimed.has(trace)),
        parted: new Set(fragments.map(({ fragment }) => fragment.probe)),
        application: named.application,
        naming: named.naming,
        forms,
        flushMs: expectations.flushMs.value,
      });
  return {
    schema: CAPTURE_SCHEMA,
    run: {
      id: hashOf(traces),
      startedAt: startOf(exchanges.map(({ sentAtMs }) => sentAtMs)),
      hopcheck: input.hopcheck,
      ingress: input.ingress?.href ?? ingressOf(dump) ?? '',
      traceBackend: input.traceBackend?.href.replace(/\/+$/, '') ?? '',
    },
    imported: {
      files,
      traces: traces.length,
      foreign: traces.length - claimed.size,
      requests: requests !== undefined,
      complete,
      ...(input.searched !== undefined && { searched: input.searched }),
    },
    application: application.definition,
    expectations,
    configuration: input.configuration ?? [],
    plan: exchanges.map(({ probe: { purpose } }) => ({ purpose })),
    preflight: {
      markerSearch: complete ? 'supported' : 'unknown',
      ...(!complete && { markerSearchReason: 'the dump is not declared complete' }),
      ...(input.api !== undefined && { api: input.api }),
      ...(format !== undefined && { format }),
      ...(input.gatewayProfile !== undefined && { gatewayProfile: input.gatewayProfile }),
      ...(named.gateway !== undefined && { gateway: named.gateway }),
      requests: [],
      spansSeen: {},
    },
    exchanges,
    traces: claims.map((claim) => settle(claim, complete, unfinished)),
    fragments: fragments.map(({ fragment }) => fragment),
    incidents: [],
    timings: { preflightMs: 0, probeMs: 0, settleMs: 0, polls: 0, backendCalls: 0, graceMs: 0 },
    end: input.isCut === true ? 'interrupted' : 'complete',
  };
}

/**
 * A trace that is there is taken as final, unless it ends where a backend cuts or was saved too early. That one is not
 * there proves something only where the dump is complete, or where the request is known to have gone under another id.
 */
function settle(
  { exchange: { probe }, own, stray }: Claim,
  complete: boolean,
  unfinished: ReadonlySet<Trace>,
): SettledTrace {
  const isFinal =
    own === undefined ? complete || stray !== undefined : own.spans.length !== SLS_SPANS && !unfinished.has(own);
  return {
    probe: probe.id,
    ...(own !== undefined && { traceId: own.id }),
    reason: isFinal ? 'imported' : 'deadline',
    spans: own?.spans ?? [],
    polls: 0,
  };
}

/** Where the gateway saw itself called. */
function ingressOf(dump: DumpIndex): string | undefined {
  for (const trace of dump.traces) {
    const entry = dump.entryOf(trace);
    const url = entry?.kind === 'gateway' ? tag(entry.span, 'http.url') : undefined;
    if (url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
      return new URL('/', url).href;
  }
  return undefined;
}

function startOf(sentAtMs: readonly number[]): string {
  const first = sentAtMs.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return new Date(Math.abs(first) <= LATEST_MS ? first : 0).toISOString();
}

/** The same dump has the same id. */
function hashOf(traces: readonly Trace[]): string {
  const ids = traces.map(({ id, spans }) => `${id} ${spans.length}`).toSorted();
  return createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 8);
}
