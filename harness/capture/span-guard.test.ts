import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spanSchema } from '../model/span.ts';
import { checkSpans } from './span-guard.ts';

const SPAN = {
  traceId: '0'.repeat(31).concat('1'),
  id: '0'.repeat(15).concat('2'),
  parentId: '0'.repeat(15).concat('3'),
  kind: 'server',
  service: 'orders.shop',
  operation: 'GET /',
  startMicros: 1,
  durationMicros: 2,
  tags: { component: 'proxy' },
};
const read = (span: unknown) => checkSpans({ trace: { spans: [span] } }, 'trace', 'x');

it('refuses exactly the spans that do not fit the schema', () => {
  expect(read(SPAN)).toEqual([SPAN]);
  const odd = fc.constantFrom<unknown>(undefined, null, -1, Number.NaN, '', 'client', '0'.repeat(16), {}, [], { a: 1 });
  const changed = fc
    .dictionary(fc.constantFrom(...Object.keys(spanSchema.shape), 'later'), odd, { noNullPrototype: true })
    // JSON has neither.
    .map((fields) => JSON.parse(JSON.stringify({ ...SPAN, ...fields })) as unknown);
  fc.assert(
    fc.property(changed, (span) => {
      const fits = spanSchema.safeParse(span).success;
      if (fits) expect(read(span)).toEqual([span]);
      else expect(() => read(span)).toThrow(/^x: trace\.spans\[0\]/);
    }),
    { numRuns: 2000 },
  );
});
