import type { z } from 'zod';
import { CAPTURE_SCHEMA, type Capture, type Preflight, type Timings } from '../model/capture.ts';
import type { CompactSpans } from '../model/compact-spans.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Data } from '../model/schema.ts';
import type { Span } from '../model/span.ts';
import { isPlainExchange, isPlainPlan } from './exchange-guard.ts';
import type { CapturePart } from './part.ts';
import { CaptureError } from './part.ts';
import { fragmentWithoutSpans, RECORDS, traceWithoutSpans } from './schema.ts';
import { checkSpans } from './span-guard.ts';

type WrittenExchange = Data<typeof RECORDS.exchange>['exchange'];

/** The parts of a capture as they are collected again. */
interface Collected {
  head?: Extract<CapturePart, { type: 'head' }>['head'];
  preflight?: Preflight;
  exchanges: Exchange[];
  traces: Capture['traces'][number][];
  fragments: Capture['fragments'][number][];
  incidents: Capture['incidents'][number][];
  changes?: NonNullable<Capture['changes']>;
  end?: Exclude<Capture['end'], 'cut'>;
  timings?: Timings;
  bodies: Map<string, string>;
}

/**
 * Reads a capture. A file that ends early, at whatever byte, is read as far as it goes and has the end `cut`; only the
 * first line cannot be done without.
 * @param origin the file's name, for messages.
 * @throws CaptureError no capture, another version, or a line that does not fit: with its line number and where in it.
 */
export function decodeCapture(text: string, origin = 'the capture'): Capture {
  const decoder = new CaptureDecoder(origin);
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) if (!decoder.line(line, index === lines.length - 1)) break;
  return decoder.capture();
}

/** Reads a capture line by line, so that a large one is never held as text. */
export class CaptureDecoder {
  readonly #origin: string;
  readonly #compact: CompactSpans | undefined;
  readonly #collected: Collected = { exchanges: [], traces: [], fragments: [], incidents: [], bodies: new Map() };
  #lines = 0;

  /** @param compact makes the spans small, where there may be many */
  constructor(origin = 'the capture', compact?: CompactSpans) {
    this.#origin = origin;
    this.#compact = compact;
  }

  /**
   * @param line without its end
   * @param isLast nothing comes behind it, so that it may be cut
   * @param spans of a trace whose line is without them here
   * @returns false: it is cut
   * @throws CaptureError
   */
  line(line: string, isLast = false, spans?: readonly Span[]): boolean {
    this.#lines += 1;
    if (line === '') return true;
    const where = `${this.#origin}, line ${this.#lines}`;
    const value = parseLine(line, isLast, where);
    if (value !== undefined) take(value, this.#collected, where, this.#compact, spans);
    return value !== undefined;
  }

  /** A part whose line would give the same again. */
  part(part: Extract<CapturePart, { type: 'trace' | 'fragment' | 'exchange' }>): void {
    this.#lines += 1;
    if (part.type === 'trace') this.#collected.traces.push(part.trace);
    else if (part.type === 'fragment') this.#collected.fragments.push(part.fragment);
    else this.#collected.exchanges.push(part.exchange);
  }

  /** What was read so far. @throws CaptureError without a whole first line */
  capture(): Capture {
    const { head, end, timings, preflight, exchanges, traces, fragments, incidents, changes } = this.#collected;
    if (head === undefined)
      throw new CaptureError(
        `${this.#origin}: the first line is not a whole head record, so nothing is known about the run; expected a file written by hopcheck run --capture FILE`,
      );
    return {
      ...head,
      preflight: preflight ?? { markerSearch: 'unknown', requests: [], spansSeen: {} },
      exchanges: [...exchanges],
      traces: [...traces],
      fragments: [...fragments],
      incidents: [...incidents],
      ...(changes !== undefined && { changes }),
      timings: timings ?? { ...NO_TIMINGS, graceMs: head.expectations.flushMs.value },
      end: end ?? 'cut',
    };
  }
}

const NO_TIMINGS: Timings = { preflightMs: 0, probeMs: 0, settleMs: 0, polls: 0, backendCalls: 0, graceMs: 0 };

/** undefined: the last line, and not all of it. */
function parseLine(line: string, isLast: boolean, where: string): { type: string } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string')
      return value as { type: string };
  } catch (cause) {
    if (isLast) return undefined;
    throw new CaptureError(`${where}: not JSON; expected one record per line`, { cause });
  }
  throw new CaptureError(`${where}: expected an object with a "type", e.g. {"type":"end",…}`);
}

/** Records of a type not known here are of a newer version, and are passed over. */
function take(
  record: { type: string },
  into: Collected,
  where: string,
  compact?: CompactSpans,
  spans?: readonly Span[],
): void {
  if (record.type !== 'head' && into.head === undefined)
    throw new CaptureError(`${where}: expected the head record first, e.g. {"type":"head",…}`);
  switch (record.type) {
    case 'head': {
      const schema = readSchema(record);
      if (schema !== CAPTURE_SCHEMA)
        throw new CaptureError(`${where}: schema ${JSON.stringify(schema)}; this version reads ${CAPTURE_SCHEMA}`);
      into.head = headOf(record, where);
      return;
    }
    case 'preflight': {
      const { preflight } = check(record, RECORDS.preflight, where);
      into.preflight = { ...preflight, requests: preflight.requests.map((exchange) => withBody(exchange, into)) };
      return;
    }
    case 'body': {
      const { id, text } = check(record, RECORDS.body, where);
      into.bodies.set(id, text);
      return;
    }
    case 'exchange':
      if ('exchange' in record && isPlainExchange(record.exchange)) {
        into.exchanges.push(record.exchange as Exchange);
        return;
      }
      into.exchanges.push(withBody(check(record, RECORDS.exchange, where).exchange, into));
      return;
    case 'trace': {
      const { trace } = check(record, traceWithoutSpans, where);
      into.traces.push({ ...trace, spans: spans ?? spansOf(record, 'trace', where, compact) });
      return;
    }
    case 'fragment': {
      const { fragment } = check(record, fragmentWithoutSpans, where);
      into.fragments.push({ ...fragment, spans: spans ?? spansOf(record, 'fragment', where, compact) });
      return;
    }
    case 'incident':
      into.incidents.push(check(record, RECORDS.incident, where).incident);
      return;
    case 'changes':
      into.changes = check(record, RECORDS.changes, where).changes;
      return;
    case 'end': {
      const { end, timings } = check(record, RECORDS.end, where);
      into.end = end;
      into.timings = timings;
      return;
    }
  }
}

/** A plan has as many entries as there are probes, and a schema takes ten times as long as a guard. */
function headOf(record: object, where: string): NonNullable<Collected['head']> {
  const head: unknown = 'head' in record ? record.head : undefined;
  if (typeof head !== 'object' || head === null || !('plan' in head) || !isPlainPlan(head.plan))
    return check(record, RECORDS.head, where).head;
  return { ...check({ ...record, head: { ...head, plan: [] } }, RECORDS.head, where).head, plan: head.plan };
}

function spansOf(record: object, key: string, where: string, compact: CompactSpans | undefined): readonly Span[] {
  const spans = checkSpans(record, key, where);
  return compact === undefined ? spans : compact.of(spans);
}

function withBody({ answer, ...exchange }: WrittenExchange, { bodies }: Collected): Exchange {
  if (answer === undefined) return exchange;
  const { bodyRef, ...rest } = answer;
  return { ...exchange, answer: { ...rest, body: bodies.get(bodyRef ?? '') ?? rest.body ?? '' } };
}

function readSchema(record: object): unknown {
  const head = 'head' in record ? record.head : undefined;
  return typeof head === 'object' && head !== null && 'schema' in head ? head.schema : undefined;
}

/** @throws CaptureError with the first place that does not fit. */
function check<T extends z.ZodType>(record: object, schema: T, where: string): Data<T> {
  const result = schema.safeParse(record);
  if (result.success) return result.data as Data<T>;
  const [first] = result.error.issues;
  throw new CaptureError(`${where}: ${(first?.path ?? []).map(String).join('.')}: ${first?.message ?? 'does not fit'}`);
}
