import { expect, it } from 'vitest';
import { assembled, type SpanGiven } from '../../fixtures/testing/spans.ts';
import type { Application } from './application.ts';
import { mappingFor } from './name-mapping.ts';
import { unknownNamesIn } from './unknown-names.ts';

const application: Application = {
  name: 'shop',
  request: { method: 'GET', path: '/' },
  gateway: 'edge',
  entry: 'front',
  services: [{ name: 'front' }, { name: 'back' }],
  calls: [{ caller: 'front', callee: 'back' }],
  longestUpstreamTimeoutMs: 1000,
};
const named = (service: string, operation: string): SpanGiven => ({ kind: 'server', service, operation });
const FRONT = [{ kind: 'client', service: 'edge', calls: 'front.shop' }, named('front', 'front.shop:80/*')] as const;
const CALL: SpanGiven = { kind: 'client', service: 'front', calls: 'back.shop' };
const toBack = (service: string, operation = 'back.shop.svc.cluster.local:80/*'): readonly SpanGiven[] => [
  ...FRONT,
  CALL,
  named(service, operation),
];

const unknown = (...traces: (readonly SpanGiven[])[]) =>
  unknownNamesIn(
    traces.map((given, index) => assembled(given, index + 1).trace),
    application,
    { services: {} },
  );

it('finds the other name of a service when no span has its usual name', () => {
  expect(unknown(toBack('store.shop'), toBack('store.shop'))).toEqual([{ seen: 'store', expected: 'back' }]);
  expect(unknown(toBack('store', 'back:80/*'))).toEqual([{ seen: 'store', expected: 'back' }]);
});

it('takes several names for those of its versions, where each answers only for that service', () => {
  expect(unknown(toBack('blue'), toBack('green'))).toEqual([
    { seen: 'blue', expected: 'back' },
    { seen: 'green', expected: 'back' },
  ]);
});

it('finds the other name of a part of the pods of a service', () => {
  expect(unknown(toBack('store'), toBack('back'))).toEqual([{ seen: 'store', expected: 'back' }]);
  // That of its name in another namespace is another service.
  expect(unknown(toBack('back.test'), toBack('back'))).toEqual([]);
});

it.each([
  [
    'of a name that answers for two services',
    [toBack('store'), [...FRONT.slice(0, 1), named('store', 'front.shop:80/*')]],
  ],
  ['of another service of the application', [toBack('front')]],
  ['of the gateway', [toBack('edge')]],
  ['of a span of another call, below a service without spans', [toBack('store', 'store.shop.svc.cluster.local:80/*')]],
  ['of a waypoint', [[...FRONT, CALL, { ...named('way', 'back.shop:80/*'), node: 'waypoint~way-5c6d7f8b9-abcde' }]]],
  ['where nothing answered', [[...FRONT, CALL]]],
])('finds no other name %s', (_where, traces) => {
  expect(unknown(...traces)).toEqual([]);
});

it('writes the line to paste, with the name of the spans first', () => {
  const line = mappingFor([
    { seen: 'store"', expected: 'back' },
    { seen: 'web', expected: 'front' },
  ]);
  expect(JSON.parse(line)).toEqual({ services: { 'store"': 'back', web: 'front' } });
});
