import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { objectsOf } from '../../../fixtures/kube/objects-of.ts';
import { change, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import type { Application, NamedRequest } from '../../model/application.ts';
import { findApplication } from './application.ts';
import { findIngress } from './ingress.ts';
import { UNKNOWN_ENTRY, withRoutedEntry } from './routed-entry.ts';

const PAGE: NamedRequest = { name: 'page', method: 'GET', path: '/productpage?u=normal' };
const ORDERS: NamedRequest = { name: 'orders', method: 'POST', path: '/orders', entry: 'details' };

const withRequests = (...requests: readonly NamedRequest[]): Application => ({ ...bookinfo.definition, requests });
/** As `learn` has it: only the requests are known. */
const open = (...requests: readonly NamedRequest[]): Application => ({
  ...withRequests(...requests.map(({ entry: _, ...request }) => request)),
  entry: UNKNOWN_ENTRY,
  services: [],
  calls: [],
});

/** Takes orders, by POST only. */
const rule = (hosts: readonly string[], method = 'POST'): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { namespace: 'default', name: 'orders' },
  spec: {
    hosts,
    gateways: ['bookinfo-gateway'],
    http: [
      {
        match: [{ uri: { exact: '/orders' }, method: { exact: method } }],
        route: [{ destination: { host: 'details', port: { number: 9080 } } }],
      },
    ],
  },
});
/** The page is led in for one host. */
const forPage = change(walkthrough(), 'VirtualService default/bookinfo', (object) => ({
  ...object,
  spec: { ...(object.spec as object), hosts: ['page.example'] },
}));
const ingress = (application: Application, ...manifests: readonly KubeObject[]) =>
  findIngress(objectsOf([...walkthrough(), ...manifests]), application, 'default');

describe('an application with several requests', () => {
  it('is entered by the gateway that leads each of them to its own entry, whichever rules do', () => {
    expect(ingress(withRequests(PAGE, ORDERS), rule(['*']))).toMatchObject({
      found: 'one',
      value: { route: 'VirtualService default/bookinfo', gateway: 'Gateway default/bookinfo-gateway' },
    });
  });

  it.each<[string, readonly KubeObject[]]>([
    ['no rule takes', []],
    ['a rule takes with another method', [rule(['*'], 'PUT')]],
  ])('is not entered where one of them is a request that %s, and the request is named', (_what, manifests) => {
    expect(ingress(withRequests(PAGE, ORDERS), ...manifests)).toEqual({
      found: 'none',
      looked: 'no VirtualService or HTTPRoute leads /orders from a gateway to Service default/details',
    });
  });

  it('is not entered where they need different hosts, and all are named', () => {
    const objects = objectsOf([...forPage, rule(['orders.example'])]);
    expect(findIngress(objects, withRequests(PAGE, ORDERS), 'default')).toEqual({
      found: 'none',
      looked: 'no gateway and host lead all of /productpage, /orders to their Services in namespace default',
    });
  });

  it('is asked for the host that all of them share, though it is the first of only one', () => {
    const objects = objectsOf([...forPage, rule(['orders.example', 'page.example'])]);
    expect(findIngress(objects, withRequests(PAGE, ORDERS), 'default')).toMatchObject({
      found: 'one',
      value: { host: 'page.example' },
    });
  });
});

describe('an application of which only several requests are known', () => {
  const objects = objectsOf([...walkthrough(), rule(['*'])]);

  it('is in the namespace that routes lead all of them to', () => {
    expect(findApplication(objects, open(PAGE, ORDERS))).toMatchObject({ found: 'one', value: 'default' });
    expect(findApplication(objectsOf(walkthrough()), open(PAGE, ORDERS))).toEqual({
      found: 'none',
      looked: 'no route of a gateway that leads /orders to a Service',
    });
  });

  it('has the entry of each request, by its route', () => {
    const { entry, requests } = withRoutedEntry(open(PAGE, ORDERS), objects, 'default');
    expect({ entry, requests }).toEqual({ entry: 'productpage', requests: [PAGE, ORDERS] });
  });
});
