import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NamedRequest } from '../model/application.ts';
import { assignRequests } from './assign-requests.ts';
import { makePlan } from './plan.ts';

const requests = ['home', 'buy', 'admin'].map((name): NamedRequest => ({ name, method: 'GET', path: `/${name}` }));
const random = (digits: number) =>
  Array.from({ length: digits }, () =>
    Math.floor(fc.sample(fc.integer({ min: 0, max: 15 }), 1)[0] ?? 0).toString(16),
  ).join('');

it('gives every request as many probes of each purpose, to one', () => {
  const plan = assignRequests(makePlan(60), { requests }, random);
  const counts = [...Map.groupBy(plan, ({ purpose, format }) => `${purpose} ${format}`).values()].map((probes) => {
    const numbers = requests.map(({ name }) => probes.filter(({ request }) => request === name).length);
    return Math.max(...numbers) - Math.min(...numbers);
  });
  expect(Math.max(...counts)).toBeLessThanOrEqual(2);
  expect(plan.every(({ request }) => request !== undefined)).toBe(true);
});

it('leaves a plan for one request as it is', () => {
  const plan = makePlan(12);
  expect(assignRequests(plan, { requests: requests.slice(0, 1) }, random)).toBe(plan);
  expect(assignRequests(plan, {}, random)).toBe(plan);
});
