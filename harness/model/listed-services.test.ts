import { expect, it } from 'vitest';
import { listedAs } from './listed-services.ts';

it.each([
  ['with and without a namespace', ['front.shop', 'front', 'frontend.shop'], {}, ['front.shop', 'front']],
  [
    'as the configuration names it, in full or short',
    ['page.shop', 'web.shop'],
    { 'page.shop': 'front', web: 'front' },
  ],
  [
    'by its versions, after what is exactly it',
    ['front-v1', 'front.shop', 'front-v12'],
    {},
    ['front.shop', 'front-v1', 'front-v12'],
  ],
  [
    'not by what the configuration gives to another',
    ['front.shop', 'front-v1'],
    { front: 'back', 'front-v1': 'back' },
    [],
  ],
  ['not by what only begins like it', ['front-office', 'front-vx', 'frontv1', 'constructor'], {}, []],
])('finds a service %s', (_how, listed, services, found = listed) => {
  expect(listedAs(listed, 'front', services)).toEqual(found);
});
