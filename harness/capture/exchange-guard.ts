import { CONTEXT_FORMATS, type PlannedProbe, PROBE_PURPOSES } from '../model/exchange.ts';
import { SPAN_ID, TRACE_ID } from '../model/ids.ts';

type Checks = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => Number.isFinite(value);
const isOneOf = (words: readonly string[]) => (value: unknown) => typeof value === 'string' && words.includes(value);

const PROBE: Checks = {
  id: isText,
  purpose: isOneOf(PROBE_PURPOSES),
  format: isOneOf([...CONTEXT_FORMATS, 'none']),
  request: isText,
  marker: isText,
  traceId: (value) => typeof value === 'string' && TRACE_ID.test(value),
  spanId: (value) => typeof value === 'string' && SPAN_ID.test(value),
  headers: (value) =>
    Array.isArray(value) && value.every((one) => Array.isArray(one) && one.length === 2 && one.every(isText)),
};
const EXCHANGE: Checks = { probe: (value) => fits(value, PROBE, NEEDED), sentAtMs: isNumber, answeredAtMs: isNumber };
const NEEDED = ['id', 'purpose', 'format', 'marker', 'headers'];

/**
 * True: the schema would take this exchange as it is. It is asked first, for exchanges are as many as traces, and a schema
 * takes ten times as long. False says nothing: an exchange with an answer, or with fields that are rare, is held to the
 * schema.
 */
export function isPlainExchange(value: unknown): boolean {
  return fits(value, EXCHANGE, Object.keys(EXCHANGE));
}

const PLANNED: Checks = { purpose: isOneOf(PROBE_PURPOSES) };

/** The same of a plan whose entries have a purpose and nothing else, as an import makes them. */
export function isPlainPlan(value: unknown): value is PlannedProbe[] {
  return Array.isArray(value) && value.every((planned) => fits(planned, PLANNED, ['purpose']));
}

function fits(value: unknown, checks: Checks, needed: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    if (!Object.hasOwn(checks, key)) return false;
    if (checks[key]?.(fields[key]) !== true) return false;
  }
  return needed.every((key) => Object.hasOwn(fields, key));
}
