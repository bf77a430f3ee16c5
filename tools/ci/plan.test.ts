import { describe, expect, it } from 'vitest';
import { choose, chooseAll, isIn } from './plan.ts';
import { entry, history, suite } from './testing.ts';

const real = suite('real', { parts: 3, rooms: ['fixtures/envoy/', '*.real.test.ts', 'package-lock.json'] });
const taken = (...args: Parameters<typeof choose>) =>
  choose(...args).map(({ suite: { id }, part, why }) => [id, `${part.index}/${part.of}`, why]);

describe('choose', () => {
  it('takes the part whose turn it is where no file of the suite has changed', () => {
    const changedSince = () => ['harness/judge/judge.ts', 'fixtures/envoy.md'];
    const entries = [entry('real', 4), entry('other', 5)];
    expect(taken([suite('test'), real], { history: history(7, { changedSince }), entries })).toEqual([
      ['test', '1/1', 'always the whole'],
      [
        'real',
        '2/3',
        'its turn: commit count 7 mod 3; none of its files changed since c4, the last run on record that covered it',
      ],
    ]);
  });

  it("takes the whole where a file of the suite's rooms has changed since the last run that covered it", () => {
    const changedSince = (commit: string) =>
      commit === 'c6' ? ['README.md', 'fixtures/envoy/engine.ts', 'harness/a.real.test.ts'] : [];
    const entries = [entry('real', 6), entry('real', 7, { covers: false })];
    expect(taken([real], { history: history(7, { changedSince }), entries })).toEqual([
      ['real', '1/1', 'fixtures/envoy/engine.ts and 1 more changed since c6, the last run on record that covered it'],
    ]);
    const one = history(7, { changedSince: () => ['package-lock.json'] });
    expect(taken([real], { history: one, entries, base: 'c2' })[0]![2]).toBe('package-lock.json changed since c2');
  });

  it('takes the whole where no run of this history is on record', () => {
    const entries = [entry('real', 9), entry('kube', 5)];
    const why = 'no earlier run that covered it is on record';
    expect(taken([real], { history: history(7), entries })).toEqual([['real', '1/1', why]]);
  });

  it('takes the whole where git has no history', () => {
    const why = 'no git history here says which part has its turn';
    expect(taken([real], { history: undefined, entries: [entry('real', 4)] })).toEqual([['real', '1/1', why]]);
  });

  it('reports that a shallow clone counts too few commits', () => {
    const shallow = history(7, { isShallow: true });
    expect(taken([real], { history: shallow, entries: [entry('real', 7)] })[0]![2]).toContain(
      'commit count 7 (of a shallow clone) mod 3',
    );
  });

  it('recognises a run by its tree after a rebase has given its commit another name', () => {
    const entries = [entry('real', 4, { commit: 'another' })];
    expect(taken([real], { history: history(7), entries })[0]![2]).toContain('since c4,');
  });
});

it('chooseAll takes everything whole', () => {
  expect(chooseAll([real, suite('test')]).map(({ part }) => part)).toEqual([
    { index: 1, of: 1 },
    { index: 1, of: 1 },
  ]);
});

it.each([
  ['fixtures/envoy/engine.ts', true],
  ['fixtures/envoy-2/engine.ts', false],
  ['docs/fixtures/envoy/engine.ts', false],
  ['harness/cli/run.real.test.ts', true],
  ['package-lock.json', true],
  ['package-lock.json.orig', false],
])('isIn(%s) is %s', (path, expected) => expect(isIn(path, real.rooms)).toBe(expected));
