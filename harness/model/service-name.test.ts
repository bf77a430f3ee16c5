import { describe, expect, it } from 'vitest';
import { listedAs } from './listed-services.ts';
import { namespaceOf, shortServiceName } from './service-name.ts';
import type { Span } from './span.ts';
import { identify } from './workload.ts';

const SERVICES = { 'web.shop': 'front', gw: 'edge', front: 'back' };

/** As reported → short name, or undefined where it names no service. */
const TABLE = [
  ['orders.shop', 'orders'],
  ['orders', 'orders'],
  ['orders.shop.svc', 'orders'],
  ['web.shop', 'front'],
  ['web.other', 'web'],
  ['gw.mesh', 'edge'],
  ['gw', 'edge'],
  ['front.shop', 'back'],
  ['constructor.x', 'constructor'],
  ['unknown_service:node', undefined],
  ['missing-service-name', undefined],
] as const;

describe('shortServiceName', () => {
  it.each(TABLE)('reads %s as %s', (reported, short) => {
    expect(shortServiceName(reported, SERVICES)).toBe(short);
  });

  it('maps a placeholder where the configuration names it', () => {
    expect(shortServiceName('unknown_service:node', { 'unknown_service:node': 'front' })).toBe('front');
  });
});

/** The look-ups that once differed: preflight, --wait and the marker search list services, the rest reads spans. */
it.each(TABLE)('the list of services and the spans agree on %s', (reported, short) => {
  const span = { service: reported, tags: {} } as unknown as Span;
  expect(identify(span, { services: SERVICES })?.service).toBe(short);
  const names = ['orders', 'front', 'web', 'edge', 'back', 'constructor'];
  expect(names.filter((name) => listedAs([reported], name, SERVICES).length > 0)).toEqual(
    short === undefined ? [] : [short],
  );
});

it('splits a full name at its first dot', () => {
  expect({ full: namespaceOf('front.shop.svc'), short: namespaceOf('front') }).toEqual({
    full: 'shop.svc',
    short: undefined,
  });
});
