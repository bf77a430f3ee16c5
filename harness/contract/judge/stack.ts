import type { ContractCapture } from '../../model/contract.ts';
import type { Stack } from '../../model/snippets.ts';
import { valuesOf } from './read-context.ts';

/** By what the client of a call says of itself. */
const AGENTS: readonly (readonly [RegExp, Stack])[] = [
  [/^grpc-node-js\//, 'node-grpc'],
  [/^grpc-go\//, 'go-grpc'],
  [/^python-requests\//, 'python-requests'],
  [/^Go-http-client\//, 'go-http'],
  [/^Java-http-client\//, 'java-http'],
  [/^undici$/, 'node-undici'],
  [/^node$/, 'node-fetch'],
];

/** By the command that started the service, where its calls do not name their client. */
const PROGRAMS: readonly (readonly [RegExp, Stack])[] = [
  [/\bnode\b/, 'node-undici'],
  [/\bpython[\d.]*\b|\bgunicorn\b|\bflask\b/, 'python-requests'],
  [/\bjava\b/, 'java-http'],
];

/** Which snippet fits the service, where anything shows it. */
export function stackOf({ calls, service }: ContractCapture): Stack | undefined {
  const agents = new Set(calls.flatMap(({ headers }) => valuesOf('user-agent', headers)));
  const byAgent = AGENTS.find(([pattern]) => [...agents].some((agent) => pattern.test(agent)));
  return (byAgent ?? PROGRAMS.find(([pattern]) => pattern.test(service.start ?? '')))?.[1];
}
