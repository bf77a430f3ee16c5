import { expect, it } from 'vitest';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { makePlan } from '../probe/plan.ts';
import { checkPlan } from './check-plan.ts';

const settings = (rate: number) => testSettings('http://a', 'http://b', { rate });

it('refuses a plan that takes longer than the run may, and names a rate that is enough', () => {
  const plan = makePlan(60, 20_000);
  let message = '';
  try {
    checkPlan(settings(20), plan);
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain('20076 probes take 1004 s');
  const [, rate] = /--rate (\d+)/.exec(message) ?? [];
  expect(() => checkPlan(settings(Number(rate)), plan)).not.toThrow();
});

it('accepts plans that fit', () => {
  for (const plan of [makePlan(60), makePlan(60, 11_190)]) expect(() => checkPlan(settings(20), plan)).not.toThrow();
});
