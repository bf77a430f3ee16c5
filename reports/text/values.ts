import type { CallAnswer, SharedCount } from '../../harness/model/facts/values.ts';

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

/** Envoy's response flags that callers see most (docs/facts/envoy.md#tags). */
const FLAGS: Readonly<Record<string, string>> = {
  DC: 'the caller gave up',
  DI: 'a fault injection rule delayed it',
  FI: 'a fault injection rule aborted it',
  NC: 'no cluster',
  NR: 'no route',
  UC: 'the connection was closed',
  UF: 'no connection',
  UH: 'no healthy endpoint',
  URX: 'retries were used up',
  UT: 'timed out',
};

/** `the call was answered 503: no healthy endpoint (UH)`, `no answer: the caller gave up (DC)` */
export function callText(answer: CallAnswer): string {
  return answer.status === 0 ? answerText(answer) : `the call was answered ${answerText(answer)}`;
}

/** `no answer: the caller gave up (DC)`, `503: no healthy endpoint (UH)`, `200`. */
export function answerText({ status, flags }: CallAnswer): string {
  const word = status === undefined ? 'without a status' : status === 0 ? 'no answer' : String(status);
  const known = flags.flatMap((flag) => (Object.hasOwn(FLAGS, flag) ? [`${FLAGS[flag]} (${flag})`] : [flag]));
  return known.length === 0 ? word : `${word}: ${known.join(', ')}`;
}

/** `12:04:07 UTC`: reports are read in other time zones than they are made in. */
export function timeText(epochMs: number): string {
  const time = new Date(epochMs);
  // A capture may hold any number.
  return Number.isNaN(time.getTime()) ? 'an unknown time' : `${time.toISOString().slice(11, 19)} UTC`;
}
