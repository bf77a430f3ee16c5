/** What belongs together: a header's family is lost, translated or continued as one. */
export type HeaderFamily = 'request-id' | 'w3c' | 'b3' | 'b3-single' | 'ot' | 'baggage' | 'vendor' | 'user';

/** One header that hopcheck can look for, and who speaks it. */
export interface WatchedHeader {
  readonly name: string;
  readonly family: HeaderFamily;
  /** Why it is required by default: by any mesh of Istio, or by one whose tracing provider is Zipkin. */
  readonly requiredBy?: 'istio' | 'zipkin';
  /** Groups of `--watch` and `--require` that it is in; absent: it is looked for always. */
  readonly group?: string;
}

/**
 * Every header that hopcheck knows. Required by default is what Istio asks applications to forward
 * (docs/facts/istio.md): x-request-id and the W3C headers, with Zipkin the B3 headers as well.
 */
export const HEADERS: readonly WatchedHeader[] = [
  { name: 'x-request-id', family: 'request-id', requiredBy: 'istio' },
  { name: 'traceparent', family: 'w3c', requiredBy: 'istio' },
  { name: 'tracestate', family: 'w3c', requiredBy: 'istio' },
  { name: 'x-b3-traceid', family: 'b3', requiredBy: 'zipkin' },
  { name: 'x-b3-spanid', family: 'b3', requiredBy: 'zipkin' },
  { name: 'x-b3-parentspanid', family: 'b3', requiredBy: 'zipkin' },
  { name: 'x-b3-sampled', family: 'b3', requiredBy: 'zipkin' },
  { name: 'x-b3-flags', family: 'b3', requiredBy: 'zipkin' },
  { name: 'b3', family: 'b3-single' },
  { name: 'x-ot-span-context', family: 'ot' },
  { name: 'baggage', family: 'baggage' },
  { name: 'x-datadog-trace-id', family: 'vendor', group: 'datadog' },
  { name: 'x-datadog-parent-id', family: 'vendor', group: 'datadog' },
  { name: 'x-datadog-sampling-priority', family: 'vendor', group: 'datadog' },
  { name: 'sw8', family: 'vendor', group: 'sw8' },
  { name: 'x-cloud-trace-context', family: 'vendor', group: 'google' },
  { name: 'grpc-trace-bin', family: 'vendor', group: 'google' },
  { name: 'x-amzn-trace-id', family: 'vendor', group: 'aws' },
  { name: 'uber-trace-id', family: 'vendor', group: 'uber' },
];

/** What `--watch` and `--require` take beside names of headers. */
export const HEADER_GROUPS = [...new Set(HEADERS.flatMap(({ group }) => group ?? []))];

/** A header that is not in the table, such as `cookie`, belongs to a user. */
export function headerOf(name: string): WatchedHeader {
  return HEADERS.find((header) => header.name === name) ?? { name, family: 'user' };
}

/** The headers of a group, else the one of that name, lower case. */
export function headersNamed(text: string): readonly string[] {
  const name = text.toLowerCase();
  const group = HEADERS.filter((header) => header.group === name).map((header) => header.name);
  return group.length > 0 ? group : [name];
}

/** @param provider of the mesh: with Zipkin the B3 headers are required as well. */
export function requiredByDefault(provider: 'opentelemetry' | 'zipkin'): readonly string[] {
  return HEADERS.filter(({ requiredBy }) => requiredBy === 'istio' || (provider === 'zipkin' && requiredBy)).map(
    ({ name }) => name,
  );
}

/** The headers that are always sent and shown. */
export const ALWAYS_WATCHED = HEADERS.filter(({ group }) => group === undefined).map(({ name }) => name);
