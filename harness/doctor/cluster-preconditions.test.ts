import { describe, expect, it } from 'vitest';
import { FOUND, REFUSED } from '../../fixtures/testing/sample-cluster.ts';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { renderDoctor } from '../../reports/doctor.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { clusterPreconditions } from './cluster-preconditions.ts';
import { toDiagnosis } from './preconditions.ts';

const settings = testSettings('http://ingress.invalid', 'http://jaeger.invalid');

describe('what doctor makes of a cluster', () => {
  it('is a line a step, and one a contradiction, which keeps no run from deciding', () => {
    expect(clusterPreconditions(FOUND).map(({ id, status }) => `${id} ${status}`)).toEqual([
      'kube-api ok',
      'kube-permitted ok',
      'kube-ingress warning',
      'kube-tracing ok',
      'kube-configuration-HC805 warning',
    ]);
  });

  it('tells of a mesh with Mixer which promises it is too old for', () => {
    const old = clusterPreconditions({ ...FOUND, istio: '1.4.3' }).find(({ id }) => id === 'kube-mesh');
    expect(old).toMatchObject({
      status: 'warning',
      observed:
        'Istio 1.4.3 has Mixer: where its spans are in the traces trace-shape, parentage, sampling are not supported; environment, ingress, load-balancing, propagation are judged',
    });
    for (const istio of ['1.5.0', '1.31.1', '2.4'])
      expect(clusterPreconditions({ ...FOUND, istio }).map(({ id }) => id)).not.toContain('kube-mesh');
  });

  it('is not ready where the cluster is not, without a word about what nobody looked at', () => {
    const diagnosis = toDiagnosis(undefined, settings, bookinfo.definition, REFUSED);
    expect(diagnosis).toMatchObject({ ready: false, exitCode: 2, cluster: { context: 'in-cluster', found: [] } });
    expect(diagnosis.preconditions.map(({ status }) => status)).toEqual(['ok', 'failed', 'unknown']);
  });

  it('names every right that is missing, however many they are', () => {
    const rights = Array.from({ length: 40 }, (_, number) => `list thing${number}.networking.istio.io in namespace a`);
    const steps = REFUSED.steps.map((step) =>
      step.status === 'failed' ? { ...step, detail: `not permitted: ${rights.join(', ')}` } : step,
    );
    const diagnosis = toDiagnosis(undefined, settings, bookinfo.definition, { ...REFUSED, steps });
    const text = renderDoctor(diagnosis, { color: false }).replaceAll(/\s+/g, ' ');
    for (const right of rights) expect(text).toContain(right);
  });

  it.each([
    ['found', FOUND],
    ['refused', REFUSED],
  ])('%s, for people: what is to be copied stands as it must be typed', async (name, cluster) => {
    const text = renderDoctor(toDiagnosis(undefined, settings, bookinfo.definition, cluster), { color: false });
    await expect(text).toMatchFileSnapshot(`../../reports/golden/doctor-cluster-${name}.txt`);
  });
});
