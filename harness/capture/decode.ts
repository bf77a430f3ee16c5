import type { z } from 'zod';
import { CAPTURE_SCHEMA, type Capture, type Preflight, type Timings } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import type { CapturePart } from './part.ts';
import { CaptureError } from './part.ts';
import {
  bodyLine,
  endLine,
  exchangeLine,
  fragmentLine,
  headLine,
  incidentLine,
  preflightLine,
  traceLine,
} from './schema.ts';
import { checkSpans } from './span-guard.ts';

/** The parts of a capture as they are collected again. */
interface Collected {
  head?: Extract<CapturePart, { type: 'head' }>['head'];
  preflight?: Preflight;
  exchanges: Exchange[];
  traces: Capture['traces'][number][];
  fragments: Capture['fragments'][number][];
  incidents: Capture['incidents'][number][];
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
  const collected: Collected = { exchanges: [], traces: [], fragments: [], incidents: [], bodies: new Map() };
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const value = parseLine(line, index === lines.length - 1, `${origin}, line ${index + 1}`);
    if (value === undefined) break;
    take(value, collected, `${origin}, line ${index + 1}`);
  }
  const { head, end, timings } = collected;
  if (head === undefined)
    throw new CaptureError(
      `${origin}: the first line is not a whole head record, so nothing is known about the run; expected a file written by hopcheck run --capture FILE`,
    );
  return {
    ...head,
    preflight: collected.preflight ?? { markerSearch: 'unknown', requests: [], spansSeen: {} },
    exchanges: collected.exchanges,
    traces: collected.traces,
    fragments: collected.fragments,
    incidents: collected.incidents,
    timings: timings ?? { ...NO_TIMINGS, graceMs: head.expectations.flushMs.value },
    end: end ?? 'cut',
  };
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
    throw new CaptureError(`${where}: not JSON; expected one record a line`, { cause });
  }
  throw new CaptureError(`${where}: expected an object with a "type", e.g. {"type":"end",…}`);
}

/** Records of a type not known here are of a newer version, and are passed over. */
function take(record: { type: string }, into: Collected, where: string): void {
  const get = <T extends z.ZodType>(key: string, schema: T): z.infer<T> => check(record, key, schema, where);
  if (record.type !== 'head' && into.head === undefined)
    throw new CaptureError(`${where}: expected the head record first, e.g. {"type":"head",…}`);
  switch (record.type) {
    case 'head': {
      const schema = readSchema(record);
      if (schema !== CAPTURE_SCHEMA)
        throw new CaptureError(`${where}: schema ${JSON.stringify(schema)}; this version reads ${CAPTURE_SCHEMA}`);
      into.head = get('head', headLine) as unknown as NonNullable<Collected['head']>;
      return;
    }
    case 'preflight': {
      const preflight = get('preflight', preflightLine) as unknown as Preflight;
      into.preflight = { ...preflight, requests: preflight.requests.map((exchange) => withBody(exchange, into)) };
      return;
    }
    case 'body': {
      const { id, text } = checkAll(record, bodyLine, where);
      into.bodies.set(id, text);
      return;
    }
    case 'exchange':
      into.exchanges.push(withBody(get('exchange', exchangeLine) as unknown as Exchange, into));
      return;
    case 'trace':
      into.traces.push({
        ...(get('trace', traceLine) as object),
        spans: checkSpans(record, 'trace', where),
      } as Capture['traces'][number]);
      return;
    case 'fragment':
      into.fragments.push({
        ...(get('fragment', fragmentLine) as object),
        spans: checkSpans(record, 'fragment', where),
      } as Capture['fragments'][number]);
      return;
    case 'incident':
      into.incidents.push(get('incident', incidentLine) as unknown as Capture['incidents'][number]);
      return;
    case 'end': {
      const { end, timings } = checkAll(record, endLine, where);
      into.end = end;
      into.timings = timings as unknown as Timings;
      return;
    }
  }
}

function withBody(exchange: Exchange, { bodies }: Collected): Exchange {
  if (exchange.answer === undefined) return exchange;
  const { bodyRef, ...answer } = exchange.answer as Exchange['answer'] & { bodyRef?: string } & NonNullable<
      Exchange['answer']
    >;
  return { ...exchange, answer: { ...answer, body: bodies.get(bodyRef ?? '') ?? answer.body ?? '' } };
}

function readSchema(record: object): unknown {
  const head = 'head' in record ? record.head : undefined;
  return typeof head === 'object' && head !== null && 'schema' in head ? head.schema : undefined;
}

function check<T extends z.ZodType>(record: object, key: string, schema: T, where: string): z.infer<T> {
  const value = (record as Record<string, unknown>)[key];
  return describeProblems(schema.safeParse(value), key, where);
}

function checkAll<T extends z.ZodType>(record: object, schema: T, where: string): z.infer<T> {
  return describeProblems(schema.safeParse(record), '', where);
}

function describeProblems<T>(result: z.ZodSafeParseResult<T>, key: string, where: string): T {
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const path = [key, ...(first?.path ?? []).map(String)].filter((part) => part !== '').join('.');
  throw new CaptureError(`${where}: ${path}: ${first?.message ?? 'does not fit'}`);
}
