import type { CallAnswer, CallFailure, SharedCount } from '../../harness/model/facts/values.ts';
import { GRPC_CODES } from '../../harness/model/grpc-status.ts';

/** `1.0–13.9 %`; more digits where the interval is so narrow that its ends would be equal. */
export function intervalText({ low, high }: { readonly low: number; readonly high: number }): string {
  const digits = high - low < 0.001 ? 3 : high - low < 0.01 ? 2 : 1;
  return `${(low * 100).toFixed(digits)}–${(high * 100).toFixed(digits)} %`;
}

/** `3 of 60 (1.0–13.9 %)`, with an optional unit: `3 of 60 calls (1.0–13.9 %)`. */
export function sharedCountText({ affected, of, low, high }: SharedCount, unit = ''): string {
  const counted = `${affected} of ${of}${unit === '' ? '' : ` ${unit}`}`;
  return low === undefined || high === undefined ? counted : `${counted} (${intervalText({ low, high })})`;
}

/** `a SERVER span of reviews` */
export function spanText(kind: string, service: string): string {
  return `a ${kind.toUpperCase()} span of ${service}`;
}

/** `discovered, VirtualService default/reviews` */
export function sourceWords({ source, from }: { readonly source: string; readonly from: string }): string {
  return `${source}, ${from}`;
}

/** `(discovered, VirtualService default/reviews)`; what is only assumed has no place worth naming. */
export function sourceText(origin: { readonly source: string; readonly from: string }): string {
  return `(${sourceWords(origin)})`;
}

/** Envoy's response flags (docs/facts/envoy.md#tags; Envoy, Access logging, %RESPONSE_FLAGS%). */
const FLAGS: Readonly<Record<string, string>> = {
  DC: 'the caller gave up',
  DF: 'its name was not resolved',
  DI: 'a fault injection rule delayed it',
  DO: 'the drop overload policy refused it',
  DPE: 'a protocol error of the caller',
  DR: 'the caller reset it',
  DT: 'it took longer than allowed',
  FI: 'a fault injection rule aborted it',
  IH: 'an invalid header',
  LH: 'the local health check failed',
  LR: 'reset by its own proxy',
  NC: 'no cluster',
  NFCF: 'no filter configuration',
  NR: 'no route',
  OM: 'the overload manager ended it',
  RL: 'a rate limit refused it',
  RLSE: 'the rate limit service failed',
  SI: 'idle for too long',
  UAEX: 'the authorization service refused it',
  UC: 'the connection was closed',
  UF: 'no connection',
  UH: 'no healthy endpoint',
  UMSDR: 'it lasted longer than a stream may',
  UO: 'the circuit breaker is open',
  UPE: 'a protocol error of the service',
  UR: 'reset by the service',
  URX: 'retries were used up',
  UT: 'timed out',
};

/** A connection that fails sooner was refused; one without an answer takes the connect timeout, 10 s in Istio. ms */
const REFUSED_WITHIN_MS = 1000;

/** `503`, `gRPC status 14 UNAVAILABLE`; undefined: the span shows none. */
export function statusText({ status, grpcStatus }: Pick<CallAnswer, 'status' | 'grpcStatus'>): string | undefined {
  if (status === 0) return 'no answer';
  if (grpcStatus === undefined) return status === undefined ? undefined : String(status);
  return `gRPC status ${grpcCodeText(grpcStatus)}`;
}

/** `14 UNAVAILABLE`; the number alone where gRPC has no such code. */
export function grpcCodeText(code: number): string {
  return [code, GRPC_CODES[code]].filter((word) => word !== undefined).join(' ');
}

/** `the call was answered 503: no healthy endpoint (UH)`, `no answer: the caller gave up (DC)` */
export function callText(answer: CallAnswer, failure?: CallFailure): string {
  const text = answerText(answer, failure);
  if (answer.status === 0) return text;
  return `the call was answered ${answer.grpcStatus === undefined ? '' : 'with '}${text}`;
}

/** `no answer: the caller gave up (DC)`, `503: no healthy endpoint (UH)`, `200`. */
export function answerText(answer: CallAnswer, failure?: CallFailure): string {
  const word = statusText(answer) ?? 'without a status';
  const known = answer.flags.map((flag) => (isKnown(flag) ? `${flagText(flag, failure)} (${flag})` : flag));
  return known.length === 0 ? word : `${word}: ${known.join(', ')}`;
}

/** `503, connection refused`; empty where the span shows nothing. */
export function shortAnswer(answer: CallAnswer, failure?: CallFailure): string {
  const words = answer.flags.map((flag) => (isKnown(flag) ? flagText(flag, failure) : flag));
  return [statusText(answer) ?? [], ...words].flat().join(', ');
}

function isKnown(flag: string): boolean {
  return Object.hasOwn(FLAGS, flag);
}

function flagText(flag: string, failure: CallFailure | undefined): string {
  const isRefused = flag === 'UF' && failure !== undefined && failure.afterMs < REFUSED_WITHIN_MS;
  return isRefused ? 'connection refused' : (FLAGS[flag] ?? flag);
}

/** `7.0 s`, `40 ms` */
export function durationText(ms: number): string {
  return ms < 100 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `after 7.0 s; reviews v3 gives up after 2.5 s` */
export function lateText(caller: string, { afterMs, lateMs, versions }: CallFailure): string {
  const name = versions === undefined ? caller : `${caller} ${versions.join(', ')}`;
  const many = (versions?.length ?? 0) > 1;
  return `${lateMs === undefined ? '' : `after ${durationText(lateMs)}; `}${name} ${many ? 'give' : 'gives'} up after ${durationText(afterMs)}`;
}

/** `12:04:07 UTC`: reports are read in other time zones than they are made in. */
export function timeText(epochMs: number): string {
  const time = new Date(epochMs);
  // A capture may hold any number.
  return Number.isNaN(time.getTime()) ? 'an unknown time' : `${time.toISOString().slice(11, 19)} UTC`;
}
