import { expect, it } from 'vitest';
import { bookinfo } from '../applications/bookinfo.ts';
import { checkAgainst } from './check-against.ts';

const checked = (services: Readonly<Record<string, string>>) => () =>
  checkAgainst({ services: { value: services, source: 'file', from: 'f.json, "services"' } }, bookinfo.definition);

it('accepts other names for services of the application, the gateway included', () => {
  expect(checked({ 'page.shop': 'productpage', gw: 'istio-ingressgateway' })).not.toThrow();
});

it.each([
  {
    from: 'istio-ingressgateway',
    to: 'bookinfo-gateway-istio',
    example: '{"services":{"bookinfo-gateway-istio":"istio-ingressgateway"}}',
  },
  {
    from: 'details.default',
    to: 'bkinfo-details.default',
    example: '{"services":{"bkinfo-details.default":"details"}}',
  },
])('shows the right direction of a reversed mapping: $from: $to', ({ from, to, example }) => {
  const turned = checked({ [from]: to });
  expect(turned).toThrow('the wrong way round');
  expect(turned).toThrow(`e.g. ${example}`);
  expect(checked(JSON.parse(example).services)).not.toThrow();
});

it('treats a misspelt name as such, even if the other side is also a name of the application', () => {
  expect(checked({ 'details.default': 'detials' })).toThrow(
    'perhaps details, e.g. {"services":{"details.default":"details"}}',
  );
});

it('refuses names that the application does not have, and suggests the nearest one', () => {
  expect(checked({ 'page.shop': 'productpag', x: 'foo' })).toThrow(
    /^"services" "page.shop: productpag" \(from file f.json, "services"\): expected the name as spans have it, then one of \w+ \(istio-ingressgateway, .*\), perhaps productpage, e.g. \{"services":\{"page.shop":"productpage"\}\}\n"services" "x: foo"/,
  );
});
