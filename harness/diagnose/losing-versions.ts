import { versionOf } from '../model/expected.ts';
import { type Counted, differingGroups } from '../stats/fisher.ts';
import { onceOfKind } from './alike.ts';
import type { DiagnosisInput, ExaminedRequest } from './request.ts';
import { isNowAndThen, type LostSpan, type SilentService } from './silent.ts';

/** The loss of one request, with the versions that its finding names. */
export type Named<Loss> = Loss & { readonly versions?: readonly string[] };

/**
 * Which versions the findings of a silent service name: those that lose spans significantly more often than the others
 * (harness/stats/fisher.ts). One loss at a version says nothing of that version. What a service never reports and what it
 * loses now and then are two things.
 */
export function nameVersions(
  silent: readonly SilentService[],
  lost: readonly LostSpan[],
  input: DiagnosisInput,
): { readonly silent: readonly Named<SilentService>[]; readonly lost: readonly Named<LostSpan>[] } {
  const losing = namesIn([...silent.filter(isNowAndThen), ...lost], input);
  const never = namesIn(
    silent.filter((one) => !isNowAndThen(one)),
    input,
  );
  const named = <Loss extends SilentService | LostSpan>(
    loss: Loss,
    names: ReadonlyMap<string, readonly string[]>,
  ): Named<Loss> => {
    const versions = loss.version === undefined ? undefined : names.get(loss.service);
    return versions === undefined ? loss : { ...loss, versions };
  };
  return {
    silent: silent.map((one) => named(one, isNowAndThen(one) ? losing : never)),
    lost: lost.map((one) => named(one, losing)),
  };
}

type Loss = Pick<SilentService, 'service' | 'version' | 'request'>;

function namesIn(losses: readonly Loss[], { requests }: DiagnosisInput): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  for (const [service, of] of Map.groupBy(losses, (loss) => loss.service)) {
    if (of.every(({ version }) => version === undefined)) continue;
    const { named } = differingGroups(countByVersion(service, of, requests));
    if (named.length > 0) names.set(service, named);
  }
  return names;
}

/** Requests that cross the service, by the version on their page, and those of them that lack a span of it. */
function countByVersion(
  service: string,
  losses: readonly Loss[],
  requests: readonly ExaminedRequest[],
): ReadonlyMap<string, Counted> {
  const lacking = new Set(losses.map(({ request }) => request));
  const table = new Map<string, Counted>();
  const isCrossing = onceOfKind(({ hops }: ExaminedRequest) =>
    hops.some(({ caller, callee }) => caller === service || callee === service),
  );
  for (const request of requests) {
    const version = versionOf({ service }, request.application, request.context);
    const crosses = isCrossing(request);
    if (version === undefined || !(crosses || lacking.has(request))) continue;
    const { affected, of } = table.get(version) ?? { affected: 0, of: 0 };
    table.set(version, { affected: affected + Number(lacking.has(request)), of: of + 1 });
  }
  return table;
}
