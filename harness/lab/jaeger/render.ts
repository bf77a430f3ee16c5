import type { Random } from '../random.ts';
import type { StoredSpan } from './store.ts';

const KIND_NAMES = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'];
const text = (key: string, value: string) => ({ key, type: 'string', value });

/**
 * One trace of the legacy API, raw: spans and process ids in another order at every read
 * (docs/facts/envoy.md#healthy-traces).
 */
export function legacyTrace(spans: readonly StoredSpan[], random: Random): object {
  const processes = new Map<string, string>();
  const order = shuffled(spans, random);
  const first = order[0]?.traceId ?? '';
  const traceID = shortened(first);
  const rendered = order.map((span) => {
    const key = `${span.service} ${JSON.stringify(span.resource)}`;
    if (!processes.has(key)) processes.set(key, `p${processes.size + 1}`);
    return legacySpan(span, traceID, processes.get(key) ?? '');
  });
  const services = new Map(spans.map((span) => [`${span.service} ${JSON.stringify(span.resource)}`, span]));
  return {
    traceID,
    spans: rendered,
    processes: Object.fromEntries(
      [...processes].map(([key, id]) => {
        const span = services.get(key);
        return [
          id,
          { serviceName: span?.service ?? '', tags: (span?.resource ?? []).map(([name, value]) => text(name, value)) },
        ];
      }),
    ),
    warnings: null,
  };
}

function legacySpan(span: StoredSpan, traceID: string, processID: string): object {
  const kind = KIND_NAMES[span.kind];
  return {
    traceID,
    spanID: span.id,
    operationName: span.name,
    references: span.parentId === undefined ? [] : [{ refType: 'CHILD_OF', traceID, spanID: span.parentId }],
    startTime: span.startMicros,
    duration: span.durationMicros,
    tags: [
      ...(span.scope === undefined
        ? []
        : [text('otel.scope.name', span.scope.name), text('otel.scope.version', span.scope.version)]),
      ...span.tags.map(([key, value]) => text(key, value)),
      ...(kind === undefined ? [] : [text('span.kind', kind)]),
      ...(span.isError ? [text('otel.status_code', 'ERROR'), { key: 'error', type: 'bool', value: true }] : []),
    ],
    logs: span.logs.map(({ timestamp, value }) => ({ timestamp, fields: [text('event', value)] })),
    processID,
    warnings: null,
  };
}

/**
 * The v3 API, raw: one resourceSpans per span on 2.13, per service on 1.76 (docs/facts/jaeger.md#seen-side-by-side).
 */
export function otlpResult(traces: readonly (readonly StoredSpan[])[], perSpan: boolean, random: Random): object {
  const spans = shuffled(traces.flat(), random);
  const groups = perSpan ? spans.map((span) => [span]) : [...Map.groupBy(spans, ({ service }) => service).values()];
  return {
    result: {
      resourceSpans: groups.map((group) => ({
        resource: {
          attributes: otlpAttributes([...(group[0]?.resource ?? []), ['service.name', group[0]?.service ?? '']]),
        },
        scopeSpans: [{ scope: group[0]?.scope ?? {}, spans: group.map(otlpSpan) }],
      })),
    },
  };
}

export function otlpSpan(span: StoredSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.id,
    ...(span.parentId !== undefined && { parentSpanId: span.parentId }),
    name: span.name,
    ...(span.kind !== 0 && { kind: span.kind }),
    startTimeUnixNano: `${span.startMicros}000`,
    endTimeUnixNano: `${span.startMicros + span.durationMicros}000`,
    attributes: otlpAttributes(span.tags),
    status: span.isError ? { code: 2 } : {},
  };
}

function otlpAttributes(pairs: readonly (readonly [string, string])[]): object[] {
  return pairs.map(([key, value]) => ({ key, value: { stringValue: value } }));
}

/** 64-bit ids are written with 16 digits (docs/facts/jaeger.md#trace-ids). */
function shortened(id: string): string {
  return id.startsWith('0'.repeat(16)) ? id.slice(16) : id;
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [copy[at], copy[other]] = [copy[other] as T, copy[at] as T];
  }
  return copy;
}
