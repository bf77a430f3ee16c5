import { describe, expect, it } from 'vitest';
import { DEFAULT_APPLICATION } from '../applications/default.ts';
import { resolveSettings } from '../config/resolve.ts';
import { makePlan } from '../probe/plan.ts';
import { describeRun } from './dry-run.ts';
import type { ReadCluster } from './dry-run-cluster.ts';

const from = 'VirtualService default/reviews: weights v1 80, v2 20';
const cluster: ReadCluster = {
  facts: {
    context: 'kind-demo',
    dataPlane: 'sidecar',
    found: [],
    steps: [],
    issues: [
      {
        code: 'HC805',
        severity: 'warning',
        subject: { kind: 'service', service: 'reviews' },
        expected: 'weights that add up to 100',
        received: 'VirtualService default/reviews: 80 + 10 = 90',
        remedy: 'correct the weights',
      },
    ],
  },
  discovered: {
    shares: { value: 'reviews=v1:80,v2:20', from },
    sampling: { value: '1', from: "Istio's default of 1 %" },
  },
  expectations: {
    gateway: {
      value: { names: ['bookinfo-gateway-istio'], pods: [] },
      source: 'discovered',
      from: 'HTTPRoute default/bookinfo on Gateway default/bookinfo-gateway',
    },
    gatewayProfile: { value: 2, source: 'discovered', from: 'Istio 1.31.1 with provider jaeger' },
    loadBalancing: { value: 'least-request', source: 'discovered', from: "Istio 1.31.1's default" },
    excuses: [
      { kind: 'skew', service: 'reviews', from: 'DestinationRule default/reviews: outlierDetection' },
      { kind: 'errors', service: 'ratings', from: 'VirtualService default/ratings: delay 7s for 100 %' },
    ],
  },
};
const context = { application: DEFAULT_APPLICATION, plan: makePlan };

/** The rows of one name, each in one line. */
function rows(name: string, flags: object = {}): string[] {
  const given = { ingress: 'http://127.0.0.1:1', jaeger: 'http://127.0.0.1:2', ...flags };
  const settings = resolveSettings({ flags: given, env: {}, readFile: () => '', discovered: cluster.discovered });
  const text = describeRun(settings, context, { flags: { report: [] } }, 80, cluster).replaceAll(/\n {11,}/g, ' ');
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith(`  ${name} `) ? [line.slice(name.length + 3).trim()] : []));
}

describe('the dry run in a cluster', () => {
  it('shows each expectation with its source', () => {
    expect(rows('expect')).toEqual([
      `shares v1 80, v2 20 (${from})`,
      "1 % of undecided requests traced (Istio's default of 1 %)",
      'gateway bookinfo-gateway-istio (HTTPRoute default/bookinfo on Gateway default/bookinfo-gateway)',
      '2 gateway spans (Istio 1.31.1 with provider jaeger)',
      "pods chosen by least-request (Istio 1.31.1's default)",
      'uneven shares of reviews excused (DestinationRule default/reviews: outlierDetection)',
      'errors of ratings explained (VirtualService default/ratings: delay 7s for 100 %)',
    ]);
  });

  it('shows an overridden value, its source and the value before', () => {
    const said = rows('expect', { shares: 'reviews=v1:50,v2:50', sampling: '100', gatewayProfile: '1' });
    expect(said.filter((line) => !line.startsWith('gateway ')).slice(0, 3)).toEqual([
      `shares v1 50, v2 50 (flag --shares, in place of shares reviews=v1:80,v2:20 from ${from})`,
      "100 % of undecided requests traced (flag --sampling, in place of sampling 1 from Istio's default of 1 %)",
      "pods chosen by least-request (Istio 1.31.1's default)",
    ]);
  });

  it('shows the contradictions of the configuration before anything is sent', () => {
    expect(rows('wrong')).toEqual([
      'HC805 warning: VirtualService default/reviews: 80 + 10 = 90; expected weights that add up to 100',
    ]);
  });
});
