import { describe, expect, it } from 'vitest';
import { checkPermissions, type PermissionInput } from './permissions.ts';
import type { KubeReader } from './reader.ts';
import { type Right, rightInWords } from './rights.ts';

/** Lets through what the predicate lets through. */
function reader(allows: (right: Right) => boolean, absent: readonly string[] = []) {
  const asked: string[] = [];
  const made: KubeReader = {
    version: async () => undefined,
    serves: async (resource) => !absent.includes(resource),
    list: async () => [],
    get: async () => undefined,
    allows: async (right) => {
      asked.push(rightInWords(right));
      return allows(right);
    },
  };
  return { made, asked };
}
const check = (made: KubeReader, more: Partial<PermissionInput> = {}) =>
  checkPermissions({
    reader: made,
    access: { inside: false, namespace: 'shop' },
    meshNamespace: 'istio-system',
    configMaps: ['istio'],
    ...more,
  });

describe('checkPermissions', () => {
  it('looks into all namespaces where that is permitted', async () => {
    const { made, asked } = reader(() => true);
    expect(await check(made)).toEqual({ missing: [] });
    expect(asked).toContain('list virtualservices.networking.istio.io in all namespaces');
    expect(asked).toContain('get configmaps istio in namespace istio-system');
  });

  it("looks into the context's namespace and the mesh's where the whole cluster is not permitted", async () => {
    const { made, asked } = reader(({ namespace }) => namespace !== undefined);
    expect(await check(made)).toEqual({ namespaces: ['shop', 'istio-system'], missing: [] });
    expect(asked).toContain('list deployments.apps in namespace shop');
    expect(asked).not.toContain('list deployments.apps in namespace istio-system');
    expect(asked).toContain('get namespaces shop in namespace shop');
  });

  it('asks for no right to a resource that is not installed, and for no port-forward inside the cluster', async () => {
    const { made, asked } = reader(() => true, ['apiGateways', 'httpRoutes']);
    await check(made, { access: { inside: true, namespace: 'shop' } });
    expect(asked.join()).not.toContain('gateway.networking.k8s.io');
    expect(asked.join()).not.toContain('portforward');
    expect(asked.join()).not.toContain('secrets');
  });

  it('reports every missing right at once', async () => {
    const { made } = reader(({ resource }) => resource === 'services');
    const { missing } = await check(made, { secret: { namespace: 'istio-system', name: 'login' } });
    expect(missing.map(rightInWords)).toEqual([
      'list pods in all namespaces',
      'list gateways.networking.istio.io in all namespaces',
      'list virtualservices.networking.istio.io in all namespaces',
      'list destinationrules.networking.istio.io in all namespaces',
      'list telemetries.telemetry.istio.io in all namespaces',
      'list gateways.gateway.networking.k8s.io in all namespaces',
      'list httproutes.gateway.networking.k8s.io in all namespaces',
      'list deployments.apps in all namespaces',
      'get namespaces in all namespaces',
      'get pods/portforward in all namespaces',
      'create pods/portforward in all namespaces',
      'get configmaps istio in namespace istio-system',
      'get secrets login in namespace istio-system',
    ]);
  });

  it('lets a run begin that may not need a port-forward', async () => {
    const { made } = reader(({ subresource }) => subresource === undefined);
    expect((await check(made)).missing).toEqual([]);
  });

  it('looks into the configured namespaces only', async () => {
    const { made, asked } = reader(() => true);
    expect((await check(made, { namespaces: ['a', 'b'] })).namespaces).toEqual(['a', 'b']);
    expect(asked.join()).not.toContain('all namespaces');
  });
});
