import { onceOfKind } from '../diagnose/alike.ts';
import type { Subject } from '../model/finding.ts';
import type { UnknownName } from '../model/unknown-names.ts';
import { identify } from '../model/workload.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';

/**
 * Notes services that spans know by another name (HC723): one finding, however many there are, with the line that maps
 * them. It stays open whether they are the same or the calls lead to the pods of another application, so the run could not decide;
 * all other promises are judged as if they were the same.
 */
export function noteUnknownNames(view: RunView, collector: FindingCollector): void {
  const { unknownNames: unknown, naming, capture, traces } = view;
  const [first] = unknown;
  if (first === undefined) return;
  const names = new Set(unknown.map(({ seen }) => seen));
  const asReported = { ...naming, services: capture.expectations.services?.value ?? {} };
  const subject: Subject =
    new Set(unknown.map(({ expected }) => expected)).size === 1
      ? { kind: 'service', service: first.expected }
      : { kind: 'mesh' };
  const hasNames = onceOfKind(({ made }: TraceView) =>
    made.some(({ span }) => names.has(identify(span, asReported)?.service ?? '')),
  );
  for (const { exchange, assembly, made } of traces.filter(hasNames)) {
    const spans = made.flatMap(({ span }) => (names.has(identify(span, asReported)?.service ?? '') ? [span] : []));
    collector.note({
      code: 'HC723',
      subject,
      causes: ['name-unknown'],
      expected: { kind: 'spans-of', services: [...new Set(unknown.map(({ expected }) => expected))] },
      received: { kind: 'other-names', names: unknown.map(nameOf) },
      of: traces.length,
      exchange,
      traceId: assembly.trace.id,
      spans,
      remedy: { kind: 'map-names', names: toMap(view).map(nameOf) },
    });
  }
}

function nameOf({ seen, expected }: UnknownName) {
  return { seen, expected };
}

/** Where gateways have several names, each must be mapped to the one of the definition. */
function toMap({ unknownNames: unknown, application, definedGateway }: RunView): RunView['unknownNames'] {
  const { gateway } = application;
  if (!unknown.some(({ expected }) => expected === gateway)) return unknown;
  const all = [...unknown, { seen: gateway, expected: gateway }];
  return all
    .map(({ seen, expected }) => ({ seen, expected: expected === gateway ? definedGateway : expected }))
    .filter(({ seen, expected }) => seen !== expected);
}
