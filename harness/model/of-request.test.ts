import { expect, it } from 'vitest';
import type { Application } from './application.ts';
import { ofRequest } from './of-request.ts';

const application: Application = {
  name: 'store',
  request: { method: 'GET', path: '/' },
  requests: [
    { name: 'home', method: 'GET', path: '/' },
    { name: 'buy', method: 'POST', path: '/buy', reaches: ['front', 'orders'] },
    { name: 'admin', method: 'GET', path: '/admin', entry: 'office' },
  ],
  gateway: 'edge',
  entry: 'front',
  services: ['front', 'stock', 'orders', 'office'].map((name) => ({ name })),
  calls: [
    { caller: 'front', callee: 'stock', optional: true, until: '2027-03-01' },
    { caller: 'front', callee: 'orders' },
    { caller: 'orders', callee: 'cache', peer: 'untraced' },
    { caller: 'office', callee: 'orders' },
  ],
  longestUpstreamTimeoutMs: 1000,
};
const callsOf = (name: string, startedAt?: string) =>
  ofRequest(application, name, startedAt).calls.map(
    ({ caller, callee, optional }) => `${caller} ${callee}${optional ? '?' : ''}`,
  );

it('has of the calls those that a request can get to, and peers with their caller', () => {
  expect({ home: callsOf('home'), buy: callsOf('buy'), admin: callsOf('admin') }).toEqual({
    home: ['front stock?', 'front orders', 'orders cache'],
    buy: ['front orders', 'orders cache'],
    admin: ['orders cache', 'office orders'],
  });
  expect(ofRequest(application, 'admin').entry).toBe('office');
});

it('takes the first request for a probe that names none', () => {
  expect(ofRequest(application, undefined).request.path).toBe('/');
});

it.each([
  ['2027-02-28T23:59:59.999Z', true],
  ['2027-03-01T00:00:00.000Z', true],
  ['2027-03-01T23:59:59.999Z', true],
  ['2027-03-02T00:00:00.000Z', false],
])('at %s the day of an optional call has not passed: %s', (startedAt, isOptional) => {
  expect(callsOf('home', startedAt)[0]).toBe(`front stock${isOptional ? '?' : ''}`);
});

it('is the application itself where there is one request, and no day to compare', () => {
  const { requests: _, calls: __, ...rest } = application;
  const plain: Application = { ...rest, calls: [] };
  expect(ofRequest(plain, undefined, '2027-03-01T00:00:00.000Z')).toBe(plain);
});
