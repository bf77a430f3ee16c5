import { expect, it } from 'vitest';
import { bookinfo } from '../applications/bookinfo.ts';
import { searchedServices } from './searched-services.ts';

const { definition } = bookinfo;

it('searches the services of the application by every name they have, and reports those that are not listed', () => {
  const listed = [
    'istio-ingressgateway.istio-system',
    'productpage.default',
    'reviews.default',
    'reviews-v2',
    'other.default',
  ];
  expect(searchedServices(listed, definition)).toEqual({
    services: ['istio-ingressgateway.istio-system', 'productpage.default', 'reviews.default', 'reviews-v2'],
    missing: ['details', 'ratings'],
  });
});

it('takes every gateway where the one of the definition is not listed', () => {
  const listed = ['shop-gateway.istio-ingress', 'internal-gateway', 'productpage.default'];
  const { services, missing } = searchedServices(listed, definition);
  expect(services).toEqual(['shop-gateway.istio-ingress', 'internal-gateway', 'productpage.default']);
  expect(missing).not.toContain(definition.gateway);
});

it('reads names as the configuration maps them', () => {
  const { services } = searchedServices(['pp.shop'], definition, { 'pp.shop': 'productpage' });
  expect(services).toEqual(['pp.shop']);
});
