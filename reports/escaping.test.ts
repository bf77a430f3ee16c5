import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { validateStrict } from 'ctrf';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import { spoilt } from '../fixtures/testing/spoilt-report.ts';
import { FORMATS } from './formats.ts';

const names = Object.keys(SAMPLES);
const schema = readFileSync(resolve(import.meta.dirname, 'junit.xsd'), 'utf8');
const base = SAMPLES['fail-dropped']!();

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '|',
          '\n',
          '\r\n',
          '::error title=x::y',
          '%0A',
          '`',
          '```',
          '<script>alert(1)</script>',
          '<!--',
          '&lt;',
          '"',
          '\\',
        ],
        ...[
          '](http://evil)',
          '![x](http://evil)',
          '@everyone',
          '#12',
          'http://evil.example',
          'www.evil.example',
          'a@b.example',
        ],
        ...[
          '\u0000',
          '\u001b[2J',
          '\u202e',
          '\ud800',
          '\ufffe',
          ']]>',
          '{',
          '}',
          ',',
          '# TYPE x counter',
          '~~',
          '**',
          '- ',
          '1. ',
        ],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

describe('a JUnit report', () => {
  it.each(names)('fits the schema of CI servers for %s', async (name) => {
    const { valid, errors } = await validateXML({ xml: FORMATS.junit(SAMPLES[name]!()), schema });
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
  });

  it.each([
    ['a suite without counts', (xml: string) => xml.replace(/(<testsuite [^>]*) tests="\d+"/, '$1')],
    ['skipped on the whole', (xml: string) => xml.replace('<testsuites ', '<testsuites skipped="0" ')],
    ['a case without a name', (xml: string) => xml.replace(/(<testcase [^>]*) name="[^"]*"/, '$1')],
  ])('has a schema that refuses %s', async (_what, spoil) => {
    const { valid } = await validateXML({ xml: spoil(FORMATS.junit(base)), schema });
    expect(valid).toBe(false);
  });

  it('stays XML, whatever the text', async () => {
    const texts = fc.sample(hostile, { numRuns: 60, seed: 5 });
    const xml = texts.map((text, index) => ({ fileName: `${index}.xml`, contents: FORMATS.junit(spoilt(text)) }));
    const { errors } = await validateXML({ xml, schema });
    expect(errors).toEqual([]);
  });
});

describe('a CTRF report', () => {
  it.each(names)('fits its schema for %s', (name) => {
    expect(() => validateStrict(JSON.parse(FORMATS.ctrf(SAMPLES[name]!())))).not.toThrow();
  });

  it('has a schema that refuses a status that does not exist', () => {
    const text = FORMATS.ctrf(base).replace('"status": "failed"', '"status": "broken"');
    expect(() => validateStrict(JSON.parse(text))).toThrow();
  });

  it('counts its tests', () => {
    const { summary, tests } = JSON.parse(FORMATS.ctrf(base)).results;
    expect(summary.passed + summary.failed + summary.skipped + summary.other).toBe(tests.length);
    expect(summary.failed).toBe(base.promises.filter(({ status }) => status === 'fail').length);
  });
});

describe('GitHub output', () => {
  it('has only commands of hopcheck, which give the text back', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of FORMATS.github(spoilt(text)).trimEnd().split('\n')) {
          expect(line).toMatch(/^::(error|warning|notice) title=[^:,\r]*::[^\r]*$/);
          expect(line.replace(/%(25|0D|0A|3A|2C)/g, '')).not.toContain('%');
        }
      }),
    );
  });
});

describe('a Markdown report', () => {
  const render = (text: string) =>
    micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  /** The elements of a page, text left out. */
  const elements = (html: string) => html.match(/<\/?[a-z0-9]+/g)?.join(' ') ?? '';

  it('makes no element, link, image or mention of foreign text', () => {
    const calm = elements(render(FORMATS.markdown(spoilt('calm'))));
    fc.assert(
      fc.property(hostile, (text) => {
        const html = render(FORMATS.markdown(spoilt(`x${text}x`)));
        expect(elements(html)).toBe(calm);
        expect(html.replace(/<[^>]*>|&[a-z#0-9]+;/g, '')).not.toMatch(/[@#][a-z0-9]/i);
        for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^http:\/\/host\//);
      }),
    );
  });
});

describe('a Prometheus file', () => {
  const LINE = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

  it('has only samples and comments of hopcheck, and no series twice', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = FORMATS.prometheus(spoilt(text)).trimEnd().split('\n');
        const samples = lines.filter((line) => !/^# (HELP|TYPE) hopcheck_[a-z_]+ /.test(line));
        for (const line of samples) expect(line).toMatch(LINE);
        expect(new Set(samples.map((line) => line.replace(/ [^ ]*$/, ''))).size).toBe(samples.length);
      }),
    );
  });
});
