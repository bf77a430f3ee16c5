import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countPhrases, lowered, problems, readLimits } from './style.ts';
import { countIn, PHRASES } from './style-phrases.ts';
import { allTexts, commentsOf, textsOfCode, textsOfPage } from './style-texts.ts';

const ROOT = resolve(import.meta.dirname, '..');
const TEXTS = allTexts(ROOT);
/** One of each kind of file that a person reads. */
const OTHERS = [
  ...['deploy/pipelines/github/action.yml', 'deploy/pipelines/jenkins/Jenkinsfile', '.github/workflows/release.yml'],
  ...['fixtures/istio/node/agent.py', 'fixtures/contract/go/http/main.go', 'reports/html/styles/tabs.css'],
  ...['fixtures/contract/apps/node-fetch.mjs', 'fixtures/node/pods/dns.mts', 'harness/model/codes/ingress.ts'],
];
const phrase = (id: string) => PHRASES.find((candidate) => candidate.id === id)!;

describe('the ratchet', () => {
  it('finds every phrase as often as its limit says', () => {
    expect(TEXTS.length).toBeGreaterThan(5000);
    expect(problems(countPhrases(TEXTS), readLimits())).toEqual([]);
  });

  it('reports a count above its limit with the words to write instead, and one below with the command that keeps the gain', () => {
    const limits = Object.fromEntries(PHRASES.map(({ id }) => [id, 5]));
    const counts = { ...limits, mend: 6, seldom: 4 };
    expect(problems(counts, limits)).toEqual([
      expect.stringMatching(/^mend: 6, limit 5\. Write instead: fix\./),
      expect.stringMatching(/^seldom: 4, limit 5\. Keep the gain: npm run style -- --lower$/),
    ]);
    expect(problems(limits, { ...limits, mend: undefined as never })).toHaveLength(1);
  });

  it('lowers limits and never raises one', () => {
    const limits = Object.fromEntries(PHRASES.map(({ id }) => [id, 5]));
    expect(lowered({ ...limits, mend: 6, seldom: 4 }, limits)).toEqual({ ...limits, seldom: 4 });
  });
});

describe('the phrases', () => {
  it.each([
    { id: 'nobody', text: 'nobody asked, somebody answered, whoever it was', times: 3 },
    { id: 'told', text: 'it was told, said and tells', times: 3 },
    { id: 'is-no', text: 'a value that is none, and one that is no number', times: 2 },
    { id: 'is-no', text: 'there is no trace, and it is no longer open', times: 0 },
    { id: 'of-its-own', text: 'a trace of its own', times: 1 },
    { id: 'for-it', text: 'is read again, for it may have grown', times: 1 },
    { id: 'for-it', text: 'three times, for example; left open for the user', times: 0 },
    { id: 'mend', text: 'mends it; a recommended amendment', times: 1 },
    { id: 'a-line-a-step', text: 'a line a step, one file a command', times: 2 },
    { id: 'a-line-a-step', text: 'a few at a time, one line per step; a service with a fault', times: 0 },
    { id: 'a-line-a-step', text: 'built one at a time; one in a row, one on a port, one from a list', times: 0 },
    { id: 'what-as-subject', text: 'What is left out is in the capture.', times: 1 },
    { id: 'what-as-subject', text: 'What a mesh can show, and what it cannot: [a page](a.md).', times: 0 },
    { id: 'what-as-subject', text: 'What is left out is there: see [a page](a.md).', times: 1 },
    { id: 'what-as-subject', text: 'What is left out? What a run sees. Say what is wrong and where it is.', times: 0 },
  ])('counts $id in "$text": $times', ({ id, text, times }) => {
    expect(countIn(text, phrase(id))).toBe(times);
  });
});

describe('the texts', () => {
  it('are strings and comments of code, not its names, and no string of one word', () => {
    const source = [
      '// one',
      '// two',
      ["const nobody = 'number three' + `four $", "{nobody('number five', 'nobody')} six`;"].join(''),
      '/**',
      ' * seven of its',
      ' * own',
      ' */',
      'const pattern = /eight/;',
    ].join('\n');
    expect(textsOfCode('a.ts', source)).toEqual([
      { file: 'a.ts', line: 3, text: 'number three' },
      { file: 'a.ts', line: 3, text: 'four' },
      { file: 'a.ts', line: 3, text: 'six' },
      { file: 'a.ts', line: 3, text: 'number five' },
      { file: 'a.ts', line: 1, text: 'one two' },
      { file: 'a.ts', line: 4, text: 'seven of its own' },
    ]);
  });

  it('are the prose of a page, without commands and output', () => {
    const page = '# Title\n\nUse `nobody` so.\n\n```sh\nnobody\n```\n';
    expect(textsOfPage('a.md', page)).toEqual([
      { file: 'a.md', line: 1, text: '# Title' },
      { file: 'a.md', line: 3, text: 'Use ` so.' },
    ]);
  });

  it('are comments of other languages, and not their code', () => {
    const python = '# one two\nif x is None:\n    """three\n    four"""\n';
    expect(commentsOf('a.py', python)).toEqual([
      { file: 'a.py', line: 1, text: 'one two' },
      { file: 'a.py', line: 3, text: 'three four' },
    ]);
    const go = '// one\nurl := "http://two" /* three */\n';
    expect(commentsOf('a.go', go).map(({ text }) => text)).toEqual(['one', 'three']);
  });

  it.each([
    ['a test title', 'a.test.ts', "it('reads what somebody said', () => undefined);"],
    ['an error', 'a.ts', "throw new ConfigError([{ option: 'x', expected: `a number, for it is none` }]);"],
    [
      'the page of a code',
      'codes.ts',
      "const CODES = { HC101: { fix: 'mend the route', usualCauses: ['somebody did'] } };",
    ],
    ['an option', 'options.ts', "flag(command, '--x <y>', 'a folder of its own');"],
  ])('hold a phrase of the old dialect in %s', (_, file, source) => {
    const texts = textsOfCode(file, source);
    expect(Object.values(countPhrases(texts)).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  it('leave out pages that are made from code', () => {
    const files = new Set(TEXTS.map(({ file }) => file));
    expect([...files].filter((file) => file.startsWith('docs/codes/'))).toEqual([]);
    for (const file of [
      'README.md',
      'docs/report.md',
      'harness/model/codes.ts',
      '.ci/run',
      'vitest.config.ts',
      ...OTHERS,
    ])
      expect(files).toContain(file);
  });
});
