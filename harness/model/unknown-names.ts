import type { Application } from './application.ts';
import { type MadeSpan, madeSpans } from './expected.ts';
import { calledService, isProxySpan, type Span, tag } from './span.ts';
import { type Assembly, assemble, type Trace } from './trace.ts';
import type { Naming, Workload } from './workload.ts';

/** A trace with the makers of its spans. */
export interface NamedTrace {
  readonly assembly: Assembly;
  readonly made: readonly MadeSpan[];
  readonly makers: ReadonlyMap<Span, Workload | undefined>;
}

/** A service of the application that spans know by another name. */
export interface UnknownName {
  readonly seen: string;
  /** Its name in the application, which is that of its Service. */
  readonly expected: string;
}

/** The same for traces as they were read. */
export function unknownNamesIn(
  traces: readonly Trace[],
  application: Application,
  naming: Naming,
): readonly UnknownName[] {
  const named = traces.map((trace): NamedTrace => {
    const assembly = assemble(trace);
    const made = madeSpans(assembly, naming);
    return { assembly, made, makers: new Map(made.map(({ span, workload }) => [span, workload])) };
  });
  return unknownNames(named, application);
}

/**
 * Names that can only be another name for a service of the application: each call that names the service in
 * `upstream_cluster` is answered by a SERVER span of a name that the application does not have, that name answers no
 * call to anything else. Several such names for one service are its versions', or those of a part of its pods, whose labels
 * differ. Linear in spans.
 */
export function unknownNames(traces: readonly NamedTrace[], application: Application): readonly UnknownName[] {
  const services = new Set(application.services.map(({ name }) => name));
  const answeredBy = new Map<string, Set<string>>();
  const answers = new Map<string, Set<string>>();
  for (const { assembly, made, makers } of traces) {
    for (const { span } of made) {
      const callee = span.kind === 'client' && isProxySpan(span) ? calledService(span) : undefined;
      if (callee === undefined) continue;
      for (const server of assembly.childrenOf.get(span) ?? []) {
        const name = makers.get(server)?.service;
        if (server.kind !== 'server' || !isProxySpan(server) || name === undefined) continue;
        if (isWaypoint(server) || !isNamedAfter(callee, server)) continue;
        add(answeredBy, callee, name);
        add(answers, name, callee);
      }
    }
  }
  return [...services].flatMap((expected) => {
    const names = [...(answeredBy.get(expected) ?? [])].filter((name) => !isNamesake(name, expected)).toSorted();
    const isOnly = (name: string) =>
      !services.has(name) && name !== application.gateway && answers.get(name)?.size === 1;
    return names.every(isOnly) ? names.map((seen) => ({ seen, expected })) : [];
  });
}

/** The service itself, or that of its name in another namespace. */
function isNamesake(name: string, service: string): boolean {
  return name === service || name.startsWith(`${service}.`);
}

/** A waypoint answers for the services behind it, under its own name. */
function isWaypoint(span: Span): boolean {
  return tag(span, 'node_id')?.startsWith('waypoint~') === true;
}

/**
 * The operation of a SERVER span is that of the call which it answers, and begins with the Service's name. Below a call
 * through a service without spans lies that of another service.
 */
function isNamedAfter(service: string, { operation }: Span): boolean {
  return operation.startsWith(`${service}.`) || operation.startsWith(`${service}:`);
}

function add(to: Map<string, Set<string>>, key: string, value: string): void {
  const known = to.get(key);
  if (known === undefined) to.set(key, new Set([value]));
  else known.add(value);
}
