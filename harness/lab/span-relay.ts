import type { Clock } from '../model/clock.ts';
import { type Fault, faultsOn } from './faults.ts';
import type { Random } from './random.ts';
import type { Handler } from './wire.ts';

interface ZipkinSpan {
  timestamp: number;
  annotations?: { timestamp: number }[];
}

interface OtlpSpan {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

interface OtlpBody {
  resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
}

/** What can happen to a sidecar's spans on their way to the collector. */
export interface Way {
  readonly delayMs: number;
  /** Part of the spans that gets lost, 0–1. */
  readonly lost: number;
  readonly skewMicros: number;
}

/** undefined: nothing is wrong with this sidecar's way to the collector. */
export function reportWay(faults: readonly Fault[], service: string, version?: string): Way | undefined {
  const amount = (kind: 'slow-report' | 'clock-skew') =>
    faultsOn(faults, [kind], service, version).reduce((sum, { argument }) => sum + Number(argument), 0);
  const late = faults.filter(({ kind }) => kind === 'backend-late').map(({ argument }) => Number(argument));
  const lossy = [...faultsOn(faults, ['lose-spans'], service, version), ...faults.filter(isLossy)];
  const way = {
    delayMs: amount('slow-report') + Math.max(0, ...late),
    lost: 1 - lossy.reduce((kept, { share }) => kept * (1 - share), 1),
    skewMicros: amount('clock-skew') * 1000,
  };
  return way.delayMs === 0 && way.lost === 0 && way.skewMicros === 0 ? undefined : way;
}

const isLossy = ({ kind }: Fault) => kind === 'backend-lossy';

/**
 * Stands between one sidecar and the collector and does to its reports what the faults say; the same behind both engines.
 * Reads Zipkin's JSON and OTLP's; OTLP in protobuf has another relay (fixtures/envoy/otlp-relay.ts).
 * @param stopped ends the delays: a late report goes on after its sender has hung up.
 */
export function spanRelay(
  way: Way,
  onward: Handler,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  stopped: AbortSignal,
): Handler {
  const kept = () => random.next() >= way.lost;
  return async (request) => {
    const body: unknown = JSON.parse(request.body);
    const changed = Array.isArray(body)
      ? zipkin(body as ZipkinSpan[], way.skewMicros, kept)
      : otlp(body as OtlpBody, way.skewMicros, kept);
    const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'content-length');
    const send = async () => {
      await clock.sleep(way.delayMs, stopped);
      return onward({ ...request, headers, body: JSON.stringify(changed) }, stopped);
    };
    if (way.delayMs === 0) return send();
    // Envoy gives a report up after five seconds: it gets its answer now, and the spans come later.
    send().catch(() => undefined);
    return { status: 202, headers: [], body: '' };
  };
}

function zipkin(spans: readonly ZipkinSpan[], skewMicros: number, kept: () => boolean): ZipkinSpan[] {
  return spans.filter(kept).map((span) => ({
    ...span,
    timestamp: span.timestamp + skewMicros,
    ...(span.annotations !== undefined && {
      annotations: span.annotations.map((note) => ({ ...note, timestamp: note.timestamp + skewMicros })),
    }),
  }));
}

function otlp({ resourceSpans }: OtlpBody, skewMicros: number, kept: () => boolean): OtlpBody {
  const shifted = (nanos: string) => String(BigInt(nanos) + BigInt(skewMicros) * 1000n);
  return {
    resourceSpans: resourceSpans.map((resource) => ({
      ...resource,
      scopeSpans: resource.scopeSpans.map((scope) => ({
        ...scope,
        spans: scope.spans.filter(kept).map((span) => ({
          ...span,
          startTimeUnixNano: shifted(span.startTimeUnixNano),
          endTimeUnixNano: shifted(span.endTimeUnixNano),
        })),
      })),
    })),
  };
}
