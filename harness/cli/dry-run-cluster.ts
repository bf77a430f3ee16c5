import type { Settings } from '../config/settings.ts';
import type { OpenCluster } from '../kube/connect/open-cluster.ts';
import type { Source } from '../model/source.ts';

type Row = readonly [string, string];
/** What of a cluster matters before anything is sent. */
export type ReadCluster = Pick<OpenCluster, 'facts' | 'discovered' | 'expectations'>;

/** What the run would expect, by whose word and in place of what; and what in the configuration is wrong already. */
export function expectRows(settings: Settings, cluster: ReadCluster | undefined): readonly Row[] {
  const { shares, sampling, gatewayProfile } = settings;
  const { discovered, expectations, facts } = cluster ?? {};
  const { gateway, loadBalancing, excuses = [] } = expectations ?? {};
  const texts = [
    ...(shares === undefined
      ? []
      : [`shares ${weightsText(shares.value.weights)} ${by(shares, 'shares', discovered?.shares)}`]),
    ...(sampling === undefined
      ? []
      : [`${sampling.value} % of undecided requests traced ${by(sampling, 'sampling', discovered?.sampling)}`]),
    ...(gateway === undefined ? [] : [`gateway ${gateway.value.names.join(', ')} (${gateway.from})`]),
    ...(gatewayProfile.value === 'auto' && expectations?.gatewayProfile !== undefined
      ? [`${expectations.gatewayProfile.value} gateway spans (${expectations.gatewayProfile.from})`]
      : []),
    ...(loadBalancing === undefined ? [] : [`pods chosen by ${loadBalancing.value} (${loadBalancing.from})`]),
    ...excuses.map(({ kind, service, from }) =>
      kind === 'skew' ? `uneven shares of ${service} excused (${from})` : `errors of ${service} explained (${from})`,
    ),
  ];
  return [
    ...texts.map((text): Row => ['expect', text]),
    ...(facts?.issues ?? []).map(
      ({ code, severity, expected, received }): Row => [
        'wrong',
        `${code} ${severity}: ${received}; expected ${expected}`,
      ],
    ),
  ];
}

interface Given {
  readonly source: Source;
  readonly from: string;
}

/** `(VirtualService default/shop: weights …)`, or `(flag --shares, in place of … from …)`. */
function by(
  { source, from }: Given,
  name: string,
  found: { readonly value: string; readonly from: string } | undefined,
) {
  if (source === 'discovered') return `(${from})`;
  const instead = found === undefined ? '' : `, in place of ${name} ${found.value} from ${found.from}`;
  return `(${source} ${from}${instead})`;
}

/** `v1 80, v2 20` */
function weightsText(weights: Readonly<Record<string, number>>): string {
  return Object.entries(weights)
    .map(([version, weight]) => `${version} ${Number(weight.toFixed(2))}`)
    .join(', ');
}
