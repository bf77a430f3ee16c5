import type { Capture } from '../model/capture.ts';
import type { MadeSpan } from '../model/expected.ts';
import { type FindingRef, refTo } from '../model/finding.ts';
import { isProxySpan } from '../model/span.ts';

/**
 * Services that no SERVER span shows and whose Service has a port that is not declared as HTTP (HC807, read from the
 * cluster): then proxies take the bytes as they are, and that is why no trace shows their calls. A service that is seen
 * anyway is not one of them: its protocol was guessed.
 */
export function undeclaredServices(
  { cluster, fragments }: Capture,
  traces: readonly { readonly made: readonly MadeSpan[] }[],
  serviceOf: (span: MadeSpan['span']) => string | undefined,
): ReadonlySet<string> {
  const undeclared = new Set(
    (cluster?.issues ?? []).flatMap(({ code, subject }) =>
      code === 'HC807' && subject.kind === 'service' ? [subject.service] : [],
    ),
  );
  if (undeclared.size === 0) return undeclared;
  const spans = [
    ...traces.flatMap(({ made }) => made.map(({ span }) => span)),
    ...fragments.flatMap((one) => one.spans),
  ];
  for (const span of spans) {
    const service = span.kind === 'server' && isProxySpan(span) ? serviceOf(span) : undefined;
    if (service !== undefined) undeclared.delete(service);
  }
  return undeclared;
}

/** The finding that names the port of this service. */
export function undeclaredPort(service: string): FindingRef {
  return refTo('HC807', { kind: 'service', service });
}
