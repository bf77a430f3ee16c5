import { expect, it } from 'vitest';
import { bookinfo } from '../applications/bookinfo.ts';
import { expectedTraces } from './expected-trace.ts';

it('expectedTraces follows the calls of each version, below one or two gateway spans', () => {
  const shape = (profile: 1 | 2) =>
    expectedTraces(bookinfo.definition, profile).map(({ version, spans }) => `${version} ${spans.length}`);
  expect(shape(1)).toEqual(['v1 6', 'v2 8', 'v3 8']);
  expect(shape(2)).toEqual(['v1 7', 'v2 9', 'v3 9']);
});

it('expectedTraces gives a single one where no service has versions, and stops where calls form a circle', () => {
  const { versioned: _, ...plain } = bookinfo.definition;
  const [only, ...others] = expectedTraces({ ...plain, calls: [{ caller: 'productpage', callee: 'productpage' }] });
  expect(others).toEqual([]);
  expect(only?.version).toBeUndefined();
  expect(only?.spans.length).toBeLessThan(50);
});
