import { describe, expect, it } from 'vitest';
import { objectsOf } from '../../../fixtures/kube/objects-of.ts';
import { change, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import { findApplication } from './application.ts';
import { routedEntries, UNKNOWN_ENTRY, withRoutedEntry } from './routed-entry.ts';

/** As `learn` has it: only the request is known. */
const open = { ...bookinfo.definition, entry: UNKNOWN_ENTRY, services: [], calls: [] };

describe('an application of which only a request is known', () => {
  it.each([
    ['Istio', walkthrough()],
    ['Gateway API', walkthrough({ routes: 'gateway-api' })],
  ] as const)('has the entry that the routes of %s lead to', (_name, manifests) => {
    const objects = objectsOf(manifests);
    expect(routedEntries(objects, { method: 'GET', path: '/productpage' })).toMatchObject([
      { name: 'productpage', namespace: 'default' },
    ]);
    expect(findApplication(objects, open)).toMatchObject({ found: 'one', value: 'default' });
    expect(withRoutedEntry(open, objects, 'default').entry).toBe('productpage');
  });

  it('is in several namespaces, one of which must be picked', () => {
    const two = objectsOf([...walkthrough(), ...walkthrough({ bookinfo: { namespace: 'staging' } })]);
    expect(findApplication(two, open)).toMatchObject({ found: 'several' });
    expect(findApplication(two, open, 'staging')).toMatchObject({ found: 'one', value: 'staging' });
  });

  it('is not found where no route takes the path', () => {
    const other = { ...open, request: { method: 'GET' as const, path: '/other' } };
    expect(findApplication(objectsOf(walkthrough()), other)).toEqual({
      found: 'none',
      looked: 'no route of a gateway that leads /other to a Service',
    });
    const without = objectsOf(change(walkthrough(), 'VirtualService default/bookinfo', () => undefined));
    expect(findApplication(without, open)).toMatchObject({ found: 'none' });
  });

  it('does not count Services without a ready pod, such as the one of the API server', () => {
    const api = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'default', name: 'kubernetes' },
      spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }] },
    };
    const { services } = withRoutedEntry(open, objectsOf([...walkthrough(), api]), 'default');
    expect(services.map(({ name }) => name).toSorted()).toEqual(['details', 'productpage', 'ratings', 'reviews']);
  });

  it('is left alone where its entry is known', () => {
    expect(withRoutedEntry(bookinfo.definition, objectsOf(walkthrough()), 'default')).toBe(bookinfo.definition);
  });
});
