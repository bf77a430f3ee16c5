import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { objectsOf } from '../../../fixtures/kube/objects-of.ts';
import { change, type WalkthroughOptions, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import type { Right } from '../api/rights.ts';
import { findApplication } from '../discover/application.ts';
import { planCluster } from './plan-cluster.ts';
import { Walk } from './walk.ts';

const { definition } = bookinfo;
const NOTHING = { ingress: false, traceBackend: false };

function walkOf(manifests: readonly KubeObject[], given = NOTHING) {
  const objects = objectsOf(manifests);
  const app = findApplication(objects, definition);
  const own = { ...objects, namespaces: objects.namespaces.filter(({ metadata }) => metadata.name === 'default') };
  const plan = planCluster({ objects: own, app }, definition, {});
  const walk = new Walk();
  walk.answers({ context: 'kind-demo', server: 'https://127.0.0.1:6443' });
  walk.permitted([]);
  walk.plan(plan, definition, given);
  return { walk, plan };
}
const walked = (options: WalkthroughOptions = {}) => walkOf(walkthrough(options)).walk;
const summary = ({ steps }: Walk) => steps.map(({ id, status }) => `${id} ${status}`);

describe('the walk-through', () => {
  it('succeeds on a plain mesh, as far as it goes without a connection', () => {
    const walk = walked();
    expect(summary(walk)).toEqual([
      'api ok',
      'permitted ok',
      'injection ok',
      'workloads ok',
      'routes ok',
      'ingress not-checked',
      'tracing ok',
    ]);
    expect(walk.steps.map(({ detail }) => detail)).toEqual([
      'kind-demo, https://127.0.0.1:6443',
      'all rights that are used',
      'default: istio-injection=enabled',
      '4 Services, 6 workloads in default, all ready with sidecars',
      expect.stringContaining('VirtualService default/bookinfo on Gateway default/bookinfo-gateway'),
      'an earlier step failed',
      'named tracing',
    ]);
    expect(walk.stopped()).toBeUndefined();
  });

  it('does not look for objects that are given by hand', () => {
    const bare = walkthrough().filter(({ kind }) => kind !== 'VirtualService' && kind !== 'Gateway');
    const { walk } = walkOf(bare, { ingress: true, traceBackend: true });
    expect(summary(walk).slice(-3)).toEqual(['routes ok', 'ingress ok', 'tracing ok']);
  });

  const without = (...patterns: readonly RegExp[]) =>
    walkthrough().filter(({ kind, metadata }) => !patterns.some((pattern) => pattern.test(`${kind} ${metadata.name}`)));

  it.each<{ what: string; manifests: readonly KubeObject[]; id: string; detail: RegExp; fix: RegExp }>([
    {
      what: 'no application',
      manifests: walkthrough().filter(({ metadata }) => metadata.namespace !== 'default'),
      id: 'workloads',
      detail: /^no Service productpage$/,
      fix: /bookinfo\.yaml/,
    },
    {
      what: 'no label and no sidecars',
      manifests: walkthrough({ bookinfo: { namespaceLabels: {}, sidecar: 'none' } }),
      id: 'injection',
      detail: /default is not labelled, and its pods have no sidecars/,
      fix: /^kubectl label namespace default istio-injection=enabled --overwrite && kubectl -n default rollout restart deployment$/,
    },
    {
      what: 'injection disabled',
      manifests: walkthrough({ bookinfo: { namespaceLabels: { 'istio-injection': 'disabled' }, sidecar: 'none' } }),
      id: 'injection',
      detail: /labelled istio-injection=disabled/,
      fix: /kubectl label/,
    },
    {
      what: 'a label that came after the pods',
      manifests: walkthrough({ bookinfo: { sidecar: 'none' } }),
      id: 'workloads',
      detail: /^no pod has a sidecar$/,
      fix: /rollout restart/,
    },
    {
      what: 'a Service missing',
      manifests: without(/^Service ratings$/),
      id: 'workloads',
      detail: /^no Service ratings in default$/,
      fix: /bookinfo\.yaml/,
    },
    {
      what: 'a service down',
      manifests: walkthrough({ bookinfo: { ready: { 'details-v1': 0 } } }),
      id: 'workloads',
      detail: /^no ready pod behind details$/,
      fix: /kubectl -n default get pods/,
    },
    {
      what: 'no routes',
      manifests: without(/^VirtualService /),
      id: 'routes',
      detail: /^no VirtualService or HTTPRoute leads \/productpage/,
      fix: /bookinfo-gateway\.yaml/,
    },
    {
      what: 'no trace backend',
      manifests: without(/ (tracing|zipkin|jaeger)/),
      id: 'tracing',
      detail: /^no Service named or labelled tracing/,
      fix: /samples\/addons\/jaeger\.yaml/,
    },
  ])('ends at the first root cause: $what', ({ manifests, id, detail, fix }) => {
    const { walk } = walkOf(manifests);
    const failed = walk.steps.filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ id, detail: expect.stringMatching(detail), fix: expect.stringMatching(fix) }]);
    const after = walk.steps.slice(walk.steps.findIndex((step) => step.id === id) + 1);
    expect(after.every(({ status }) => status === 'not-checked')).toBe(true);
    expect(walk.stopped()).toMatchObject({ code: 'HC720', message: failed[0]?.detail, hint: failed[0]?.fix });
  });

  it.each<{ what: string; options: WalkthroughOptions; detail: RegExp }>([
    {
      what: 'a version that is not ready',
      options: { bookinfo: { ready: { 'reviews-v3': 0 } } },
      detail: /reviews v3: 1 of 3 pods not ready/,
    },
    {
      what: 'one service without sidecars',
      options: { bookinfo: { sidecars: { 'details-v1': 'none' } } },
      detail: /details has no sidecars/,
    },
  ])('continues with a warning: $what', ({ options, detail }) => {
    const walk = walked(options);
    expect(walk.steps.find(({ id }) => id === 'workloads')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(detail),
    });
    expect(walk.goesOn).toBe(true);
  });

  it('continues with a warning where a version is not deployed', () => {
    const { walk } = walkOf(change(walkthrough(), 'Deployment default/reviews-v3', () => undefined));
    expect(walk.steps.find(({ id }) => id === 'workloads')?.detail).toContain('reviews v3 is not deployed');
  });

  it('warns of sidecars that the next rollout would lose', () => {
    expect(walked({ bookinfo: { namespaceLabels: {} } }).steps[2]).toMatchObject({
      status: 'warning',
      detail: 'default is not labelled, but every pod has a sidecar: the next one will have none',
    });
  });

  it('recognises revisions, native sidecars and ambient mode', () => {
    const revision = walked({ bookinfo: { namespaceLabels: { 'istio.io/rev': 'canary' }, sidecar: 'native' } });
    expect(revision.steps[2]?.detail).toBe('default: istio.io/rev=canary');
    expect(revision.goesOn).toBe(true);
    const { walk, plan } = walkOf(
      walkthrough({ bookinfo: { sidecar: 'ambient', namespaceLabels: { 'istio.io/dataplane-mode': 'ambient' } } }),
    );
    expect(plan.dataPlane).toBe('ambient');
    expect(walk.steps[2]).toMatchObject({ status: 'ok', detail: expect.stringContaining('not observable') });
    expect(walk.steps[3]?.detail).toBe('4 Services, 6 workloads in default, all ready');
  });

  it('reports every missing right at once, with the smallest Role', () => {
    const walk = new Walk();
    walk.answers({ context: 'c', server: 's' });
    const missing: Right[] = [
      { verb: 'list', group: '', resource: 'services', namespace: 'default' },
      { verb: 'list', group: '', resource: 'pods', namespace: 'default' },
      { verb: 'get', group: '', resource: 'configmaps', namespace: 'istio-system', name: 'istio' },
    ];
    expect(walk.permitted(missing)).toBe(false);
    expect(walk.stopped()?.code).toBe('HC721');
    expect(walk.stopped()?.message).toBe(
      'not permitted: list services in namespace default, list pods in namespace default, get configmaps istio in namespace istio-system',
    );
    expect(walk.stopped()?.hint).toMatch(/^apply the Role that the walk-through shows/);
    expect(walk.steps[1]?.fix).toContain('    resources: ["pods", "services"]');
  });
});
