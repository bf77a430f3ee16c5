import { expect, it } from 'vitest';
import { bookinfo } from '../applications/bookinfo.ts';
import { checkAgainst } from './check-against.ts';

const checked = (services: Readonly<Record<string, string>>) => () =>
  checkAgainst({ services: { value: services, source: 'file', from: 'f.json, "services"' } }, bookinfo.definition);

it('takes other names of services of the application, the gateway among them', () => {
  expect(checked({ 'page.shop': 'productpage', gw: 'istio-ingressgateway' })).not.toThrow();
});

it.each([
  ['istio-ingressgateway', 'bookinfo-gateway-istio', '{"services":{"bookinfo-gateway-istio":"istio-ingressgateway"}}'],
  ['details.default', 'bkinfo-details.default', '{"services":{"bkinfo-details.default":"details"}}'],
])('turns a mapping that is written the wrong way round: %s: %s', (from, to, example) => {
  const turned = checked({ [from]: to });
  expect(turned).toThrow('the wrong way round');
  expect(turned).toThrow(`e.g. ${example}`);
  expect(checked(JSON.parse(example).services)).not.toThrow();
});

it('takes a name with a typing error for that, although the other side is a name of the application too', () => {
  expect(checked({ 'details.default': 'detials' })).toThrow(
    'perhaps details, e.g. {"services":{"details.default":"details"}}',
  );
});

it('refuses names that the application does not have, and says what was meant', () => {
  expect(checked({ 'page.shop': 'productpag', x: 'foo' })).toThrow(
    /^"services" "page.shop: productpag" \(from file f.json, "services"\): expected the name as spans have it, then one of \w+ \(istio-ingressgateway, .*\), perhaps productpage, e.g. \{"services":\{"page.shop":"productpage"\}\}\n"services" "x: foo"/,
  );
});
