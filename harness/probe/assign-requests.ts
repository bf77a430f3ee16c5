import type { Application } from '../model/application.ts';
import type { PlannedProbe } from '../model/exchange.ts';
import type { RandomHex } from '../model/random-ids.ts';

/**
 * Gives each planned probe one of the application's requests: of probes of one kind and part every request gets as many, in an order
 * that is drawn anew each time round. At a fixed beat a balancer's turns would fall on the same request every time. A plan
 * for a single request stays as it is, and so does a probe that names its own.
 */
export function assignRequests(
  plan: readonly PlannedProbe[],
  { requests = [] }: Pick<Application, 'requests'>,
  random: RandomHex,
): readonly PlannedProbe[] {
  if (requests.length < 2) return plan;
  const left = new Map<string, string[]>();
  return plan.map((probe) => {
    if (probe.request !== undefined) return probe;
    const kind = `${probe.purpose} ${probe.format ?? ''} ${probe.variant === undefined} ${probe.part ?? ''}`;
    const names = left.get(kind) ?? [];
    if (names.length === 0)
      names.push(
        ...shuffled(
          requests.map(({ name }) => name),
          random,
        ),
      );
    left.set(kind, names);
    const request = names.pop();
    return request === undefined ? probe : { ...probe, request };
  });
}

/** Fisher and Yates. */
function shuffled(items: readonly string[], random: RandomHex): string[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Number.parseInt(random(8), 16) % left.length, 1));
}
