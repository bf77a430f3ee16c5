import type { LearntCall } from './calls.ts';
import type { Learnt } from './learn.ts';
import { edgeOf } from './learn-input.ts';
import { seenShare } from './missable.ts';

/** What stands beside a call: its counts, and whether its condition is a guess. */
export function callComment({ made, of, byVersion, isGuess }: LearntCall): string {
  if (!isGuess) return made === of ? `${made} of ${of} requests` : `${made} of ${of} requests, ${percent(made / of)}`;
  const parts = [...byVersion].map(
    ([version, counts], index) => `${counts.made} of ${counts.of}${index === 0 ? ' requests' : ''} with ${version}`,
  );
  return `a guess: ${parts.join(', ')}`;
}

/** By edge. */
export function callComments({ calls }: Pick<Learnt, 'calls'>): ReadonlyMap<string, string> {
  return new Map([...calls.values()].map((call) => [edgeOf(call.caller, call.call.to), callComment(call)]));
}

/** `v1 54, v2 6 of 60 requests; equal shares are assumed`. @param isWeighed the cluster's rules have the weights. */
export function versionsComment(counts: ReadonlyMap<string, number>, isWeighed: boolean): string {
  const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
  const parts = [...counts].map(([version, of]) => `${version} ${of}`);
  return `${parts.join(', ')} of ${all} requests; ${isWeighed ? 'weights of a rule in the cluster' : 'equal shares are assumed'}`;
}

/** What a proposal may lack, one line per request. */
export function missableLines({ requests }: Pick<Learnt, 'requests'>): readonly string[] {
  return [...requests].map(
    ([name, count]) =>
      `${name}: a call that ${percent(seenShare(count))} of the requests make is seen within ${count} requests with 99 %; rarer ones may be missing`,
  );
}

const WORDS = { canonicalService: 'canonical service', workload: 'workload in node_id', serviceName: 'service name' };

/** Whose spans are whose, a line per service. */
export function identityLines({ identities }: Pick<Learnt, 'identities'>): readonly string[] {
  return identities.map(({ service, seen = service, by, namespace }) => {
    const where = namespace === undefined ? '' : `, namespace ${namespace}`;
    return `${service}: ${WORDS[by]} ${seen}${where}`;
  });
}

/** `48 %`, `7.4 %`. */
export function percent(share: number): string {
  const points = share * 100;
  return `${points >= 10 ? Math.round(points) : Number(points.toFixed(1))} %`;
}
