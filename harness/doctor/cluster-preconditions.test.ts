import { describe, expect, it } from 'vitest';
import { FOUND, REFUSED } from '../../fixtures/testing/sample-cluster.ts';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { renderDoctor } from '../../reports/doctor.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { clusterPreconditions } from './cluster-preconditions.ts';
import { toDiagnosis } from './preconditions.ts';

const settings = testSettings('http://ingress.invalid', 'http://jaeger.invalid');

describe('the lines of doctor about a cluster', () => {
  it('are one per step and one per contradiction, which does not make a run undecided', () => {
    expect(clusterPreconditions(FOUND).map(({ id, status }) => `${id} ${status}`)).toEqual([
      'kube-api ok',
      'kube-permitted ok',
      'kube-ingress warning',
      'kube-tracing ok',
      'kube-configuration-HC805 warning',
    ]);
  });

  it('name the promises that a mesh with Mixer is too old for', () => {
    const old = clusterPreconditions({ ...FOUND, istio: '1.4.3' }).find(({ id }) => id === 'kube-mesh');
    expect(old).toMatchObject({
      status: 'warning',
      observed:
        'Istio 1.4.3 has Mixer: where its spans are in the traces trace-shape, parentage, sampling are not supported; environment, ingress, load-balancing, propagation are judged',
    });
    for (const istio of ['1.5.0', '1.31.1', '2.4'])
      expect(clusterPreconditions({ ...FOUND, istio }).map(({ id }) => id)).not.toContain('kube-mesh');
  });

  it('are not ready where the cluster is not, and claim nothing about unread steps', () => {
    const diagnosis = toDiagnosis(undefined, settings, bookinfo.definition, REFUSED);
    expect(diagnosis).toMatchObject({ ready: false, exitCode: 2, cluster: { context: 'in-cluster', found: [] } });
    expect(diagnosis.preconditions.map(({ status }) => status)).toEqual(['ok', 'failed', 'unknown']);
  });

  it('name every missing right, however many there are', () => {
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
  ])('show commands as they must be typed: %s', async (name, cluster) => {
    const text = renderDoctor(toDiagnosis(undefined, settings, bookinfo.definition, cluster), { color: false });
    await expect(text).toMatchFileSnapshot(`../../reports/golden/doctor-cluster-${name}.txt`);
  });
});
