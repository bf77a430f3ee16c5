import { expect, it } from 'vitest';
import { bookinfo } from '../applications/bookinfo.ts';
import { checkAgainst } from './check-against.ts';

const checked = (services: Readonly<Record<string, string>>) => () =>
  checkAgainst({ services: { value: services, source: 'file', from: 'f.json, "services"' } }, bookinfo.definition);

it('takes other names of services of the application, the gateway among them', () => {
  expect(checked({ 'page.shop': 'productpage', gw: 'istio-ingressgateway' })).not.toThrow();
});

it('refuses names that the application does not have, and says what was meant', () => {
  expect(checked({ 'page.shop': 'productpag', x: 'foo' })).toThrow(
    /^"services" "page.shop: productpag" \(from file f.json, "services"\): expected names of \w+ \(istio-ingressgateway, .*\), perhaps productpage, e.g. \{"services":\{"page.shop":"productpage"\}\}\n"services" "x: foo"/,
  );
});
