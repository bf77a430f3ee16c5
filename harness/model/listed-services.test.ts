import { expect, it } from 'vitest';
import { listedAs } from './listed-services.ts';

it.each<[string, { listed: string[]; services: Record<string, string>; found?: string[] }]>([
  [
    'with and without a namespace',
    { listed: ['front.shop', 'front', 'frontend.shop'], services: {}, found: ['front.shop', 'front'] },
  ],
  [
    'as the configuration names it, in full or short',
    { listed: ['page.shop', 'web.shop'], services: { 'page.shop': 'front', web: 'front' } },
  ],
  [
    'by its versions, after its exact name',
    { listed: ['front-v1', 'front.shop', 'front-v12'], services: {}, found: ['front.shop', 'front-v1', 'front-v12'] },
  ],
  [
    'but not by a name that the configuration gives to another',
    { listed: ['front.shop', 'front-v1'], services: { front: 'back', 'front-v1': 'back' }, found: [] },
  ],
  [
    'but not by a name that only begins like it',
    { listed: ['front-office', 'front-vx', 'frontv1', 'constructor'], services: {}, found: [] },
  ],
])('finds a service %s', (_how, { listed, services, found = listed }) => {
  expect(listedAs(listed, 'front', services)).toEqual(found);
});
