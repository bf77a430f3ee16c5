import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readRecording, SCENARIOS } from '../../fixtures/recordings/load.ts';
import { readDefinition } from '../definition/read-definition.ts';
import type { Definition } from '../definition/schema.ts';
import { tracesOf } from '../import/read-dump.ts';
import { callComments } from './comments.ts';
import { differencesOf } from './differences.ts';
import { changedDocument, commentsIn, newDocument } from './document.ts';
import { partDump } from './from-dump.ts';
import { type Learnt, learn, withWeights } from './learn.ts';
import { mergeInto } from './merge.ts';

const traces = SCENARIOS.filter((name) => name.startsWith('healthy-')).flatMap(
  (scenario) => tracesOf([readRecording(scenario).legacy], scenario) ?? [],
);
const NONE = { untraced: new Set<string>(), external: new Set<string>() };
const learnt = learn({ name: 'books', ...partDump(traces, undefined, {}), declared: NONE, names: {} }).learnt as Learnt;

const read = (text: string) => readDefinition(parse(text), { from: 'books.yaml' }, {});
const merged = (text: string) => mergeInto(read(text), learnt);
const idsOf = (text: string) => differencesOf(read(text), merged(text)).map(({ kind, id }) => `${kind} ${id}`);

const SAME = `# ours
version: 1
name: books
requests: { page: { get: /productpage } }
calls:
  productpage: [details, { to: reviews, attempts: 2 }] # the team of books
  reviews: [{ to: ratings, when: [v2, v3] }]
versions: { reviews: { v1: 1, v2: 1, v3: 1 } }
`;

describe('a definition and what the mesh shows', () => {
  it('differs in nothing where the mesh contradicts nothing', () => {
    expect(idsOf(SAME)).toEqual([]);
  });

  it.each([
    ['a call that is new', SAME.replace('[details, ', '['), ['call productpage->details'], ['details']],
    [
      'a call that only some requests make',
      SAME.replace('[{ to: ratings, when: [v2, v3] }]', '[ratings]'),
      ['call reviews->ratings'],
      [{ to: 'ratings', when: ['v2', 'v3'] }],
    ],
    [
      'a condition that requests contradict',
      SAME.replace('when: [v2, v3]', 'when: v2'),
      ['call reviews->ratings'],
      [{ to: 'ratings', when: ['v2', 'v3'] }],
    ],
    [
      'a call that is declared and not seen',
      SAME.replace('[details', '[payments, details'),
      ['call productpage->payments'],
      [{ to: 'payments', pending: true }],
    ],
    [
      'a pending call that is seen',
      SAME.replace('[details', '[{ to: details, pending: true }'),
      ['call productpage->details'],
      ['details'],
    ],
  ])('differs in %s', (_title, text, ids, calls) => {
    expect(idsOf(text)).toEqual(ids);
    const all: readonly unknown[] = Object.values(merged(text).calls).flat();
    expect(all).toEqual(expect.arrayContaining<unknown>([...calls]));
  });

  it('keeps what a person decided: optional stays so, and so does pending where nothing was seen', () => {
    const text = SAME.replace('[details', '[{ to: payments, pending: true }, { to: details, optional: true }');
    expect(idsOf(text)).toEqual([]);
  });

  it('recognises a service that has another name now, wherever the name stands', () => {
    const text = SAME.replaceAll('ratings', 'stars').replaceAll('reviews', 'opinions');
    expect(idsOf(text)).toEqual(['rename opinions=reviews', 'rename stars=ratings']);
    const one = SAME.replaceAll('ratings', 'stars');
    expect(idsOf(one)).toEqual(['rename stars=ratings']);
  });

  it('adds versions that are new', () => {
    expect(idsOf(SAME.replace('{ v1: 1, v2: 1, v3: 1 }', '{ v2: 1, v3: 1 }'))).toEqual(['part versions.reviews']);
  });
});

describe('the text of a definition', () => {
  it('has for a new one the counts beside each call, what may be missing, and whose spans are whose', () => {
    const text = newDocument(learnt, '66 requests on 2026-11-29');
    expect(read(text)).toEqual(learnt.definition);
    expect(text).toMatchInlineSnapshot(`
      "# Learnt from 66 requests on 2026-11-29. Correct what is wrong, and keep it: hopcheck learn does not overwrite it.
      # productpage: a call that 6.7 % of the requests make is seen within 66 requests with 99 %; rarer ones may be missing

      version: 1
      name: books
      gateway: istio-ingressgateway
      entry: productpage
      requests:
        productpage:
          get: /productpage
      calls:
        productpage:
          - details # 66 of 66 requests
          - reviews # 66 of 66 requests
        reviews:
          - { to: ratings, when: [ v2, v3 ] } # a guess: 0 of 22 requests with v1, 22 of 22 with v2, 22 of 22 with v3
      versions:
        reviews: [ v1, v2, v3 ] # v1 22, v2 22, v3 22 of 66 requests; equal shares are assumed

      # Whose spans they are:
      #   productpage: canonical service productpage, namespace default
      #   details: canonical service details, namespace default
      #   reviews: canonical service reviews, namespace default
      #   ratings: canonical service ratings, namespace default
      "
    `);
  });

  it('keeps what a person wrote, and gets the counts', () => {
    const text = SAME.replace('[details, ', '[');
    const changed = changedDocument(text, differencesOf(read(text), merged(text)), callComments(learnt));
    expect(read(changed)).toEqual(merged(text));
    expect(changed).toMatchInlineSnapshot(`
      "# ours
      version: 1
      name: books
      requests: { page: { get: /productpage } }
      calls:
        productpage:
          - { to: reviews, attempts: 2 } # 66 of 66 requests
          - details # 66 of 66 requests
          # the team of books
        reviews:
          - { to: ratings, when: [ v2, v3 ] } # a guess: 0 of 22 requests with v1, 22 of 22 with v2, 22 of 22 with v3
      versions: { reviews: { v1: 1, v2: 1, v3: 1 } }
      "
    `);
    expect(commentsIn(changed).get('reviews->ratings')).toContain('a guess');
  });

  it('takes differences one by one', () => {
    const text = SAME.replace('[details, ', '[payments, ').replaceAll('ratings', 'stars');
    const after = merged(text);
    let current = text;
    for (const { id } of differencesOf(read(text), after)) {
      const left = differencesOf(read(current), after);
      current = changedDocument(
        current,
        left.filter((one) => one.id === id),
        new Map(),
      );
      expect(differencesOf(read(current), after)).toHaveLength(left.length - 1);
    }
    expect(read(current)).toEqual(after);
  });
});

it('is the same for a definition of any order of keys', () => {
  const definition = read(SAME);
  const turned = Object.fromEntries(Object.entries(definition).toReversed()) as unknown as Definition;
  expect(differencesOf(definition, turned)).toEqual([]);
});

it('takes weights of the cluster where a rule weighs every version that was seen', () => {
  const weighed = (value: Record<string, number>) => new Map([['reviews', { value, from: 'a rule' }]]);
  expect(withWeights(learnt, weighed({ v1: 1, v2: 1, v3: 2 })).definition.versions).toEqual({
    reviews: { v1: 1, v2: 1, v3: 2 },
  });
  expect(withWeights(learnt, weighed({ v1: 90, v2: 10 }))).toBe(learnt);
});
