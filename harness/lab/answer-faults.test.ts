import { expect, it } from 'vitest';
import { withAnswerFaults } from './answer-faults.ts';
import { parseFault } from './faults.ts';
import { seededRandom } from './random.ts';

const SPANS = ['1', '2', '3', '4', '5', '6', '7', '8'].map((id) => ({ traceId: 'a', id }));
const services = ['details', 'ratings'];

/** What each backend answers with the same eight spans. */
const ANSWERS = {
  'Jaeger, legacy': { data: [{ traceID: 'a', spans: SPANS }] },
  'Jaeger, v3': { result: { resourceSpans: [{ scopeSpans: [{ spans: SPANS }] }] } },
  'Tempo, by id': { trace: { resourceSpans: [{ scopeSpans: [{ spans: SPANS }] }] } },
  'Zipkin, one trace': SPANS,
  'Zipkin, many traces': [SPANS],
};

async function askedOf(answer: unknown, fault: string): Promise<unknown> {
  const body = JSON.stringify(answer);
  const api = withAnswerFaults(
    async () => ({ status: 200, headers: [['content-length', String(body.length)]], body }),
    [parseFault(fault, services)],
    seededRandom(1),
  );
  const response = await api({ method: 'GET', path: '/', headers: [] } as never, new AbortController().signal);
  return JSON.parse(response.body);
}

/** Ids in the order in which the answer has them. */
const idsOf = (answer: unknown) => [...JSON.stringify(answer).matchAll(/"id":"(\d)"/g)].map(([, id]) => id);

it.each(Object.entries(ANSWERS))('backend-duplicate repeats every span in an answer of %s', async (_, answer) => {
  expect(idsOf(await askedOf(answer, 'backend-duplicate'))).toEqual([...'1122334455667788']);
});

it.each(Object.entries(ANSWERS))('backend-reorder mixes the spans in an answer of %s', async (_, answer) => {
  const ids = idsOf(await askedOf(answer, 'backend-reorder'));
  expect(ids).not.toEqual([...'12345678']);
  expect(ids.toSorted()).toEqual([...'12345678']);
});

it('an answer without spans stays as it is', async () => {
  expect(await askedOf(services, 'backend-duplicate')).toEqual(services);
  expect(await askedOf({ data: null }, 'backend-duplicate')).toEqual({ data: null });
});
