import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { create } from 'xmlbuilder2';
import { readRecording, toCapture } from '../fixtures/recordings/load.ts';
import { reportOf } from '../fixtures/testing/report-of.ts';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import { FORMAT_ROWS, FORMATS, type FormatName } from './formats.ts';
import { withoutMachinery } from './html/testing.ts';
import { renderTerminal } from './terminal.ts';

const VIEWS = ['verbose', 'short', 'quiet'] as const;
const names = Object.keys(SAMPLES);
const formats = Object.keys(FORMATS) as FormatName[];
/** What people and scripts rely on has a golden file of every sample; else what other samples add is tested by what it says. */
const FULL: ReadonlySet<string> = new Set(['terminal', 'json', 'short']);
const goldenOf = (format: string) => (FULL.has(format) ? names : ['pass', 'fail-dropped', 'hostile']);

describe.each(formats)('%s', (format) => {
  it.each(goldenOf(format))('is for %s as the golden file has it', async (name) => {
    const text = FORMATS[format](SAMPLES[name]!());
    const golden = format === 'html' ? withoutMachinery(text) : text;
    await expect(golden).toMatchFileSnapshot(`golden/${name}.${FORMAT_ROWS[format].ending}`);
  });

  it.each(names)('lets no control character through (%s)', (name) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
    const text = FORMATS[format](SAMPLES[name]!());
    // JSON keeps text as it is, escaped: that is for machines.
    if (format !== 'json' && format !== 'ctrf') expect(text).not.toMatch(controls);
  });
});

interface Property {
  readonly description?: string;
  readonly type?: string;
}

/** Every property of a schema with its path, however deep. */
function* propertiesIn(schema: unknown, path: string): Generator<readonly [path: string, Property]> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key !== 'properties') yield* propertiesIn(value, `${path}/${key}`);
    // A condition repeats a name of the same object.
    else if (!path.endsWith('/if'))
      for (const [name, property] of Object.entries(value as Record<string, Property>)) {
        yield [`${path}/${name}`, property];
        yield* propertiesIn(property, `${path}/${name}`);
      }
  }
}

it('every golden file is compared by a test', () => {
  const files = [
    ...formats.flatMap((format) => goldenOf(format).map((name) => `${name}.${FORMAT_ROWS[format].ending}`)),
    ...VIEWS.flatMap((view) => goldenOf(view).map((name) => `${name}.${view}.txt`)),
  ];
  const kept = readdirSync(resolve(import.meta.dirname, 'golden')).filter(
    (name) => !/^(doctor|compare|probe)-/.test(name),
  );
  expect(kept.toSorted()).toEqual(files.toSorted());
});

describe('the JSON report', () => {
  const schema: unknown = JSON.parse(readFileSync(resolve(import.meta.dirname, '../docs/report.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema as object);

  it.each(names)('fits its published schema for %s', (name) => {
    validate(JSON.parse(FORMATS.json(SAMPLES[name]!())));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('describes every property in its schema, and the unit of every count and measure', () => {
    const described = [...propertiesIn(schema, '')];
    expect(described.length).toBeGreaterThan(150);
    for (const [path, { description = '', type }] of described) {
      expect(description, path).toMatch(/^\S.*[.)]$/);
      if (path.endsWith('Ms')) expect(description, path).toMatch(/^Milliseconds/);
      else if (type === 'integer' || type === 'number')
        expect(description, path).toMatch(/^(?:Number of|Sum of|Turns of) |\bnumbers? of /);
    }
  });

  it.each([
    ['a verdict that does not exist', (text: string) => text.replace('"verdict": "fail"', '"verdict": "maybe"')],
    ['a finding without a remedy', (text: string) => text.replace(/"remedy": ".*",\n/, '')],
    ['a subject of no kind', (text: string) => text.replace('"kind": "hop"', '"kind": "planet"')],
    ['a code that does not exist', (text: string) => text.replace('"code": "HC302"', '"code": "E1"')],
  ])('has a schema that refuses %s', (_what, spoil) => {
    const text = FORMATS.json(SAMPLES['fail-dropped']!());
    expect(validate(JSON.parse(text))).toBe(true);
    expect(validate(JSON.parse(spoil(text)))).toBe(false);
  });
});

describe('the JUnit report', () => {
  it.each(names)('is XML for %s, with the counts of its cases', (name) => {
    const report = SAMPLES[name]!();
    const xml = FORMATS.junit(report);
    const root = create(xml).root().toObject() as {
      testsuites: { '@tests': string; '@failures': string; '@errors': string; '@skipped': string };
    };
    const count = (pattern: RegExp) => String(xml.match(pattern)?.length ?? 0);
    expect(root.testsuites['@tests']).toBe(count(/<testcase /g));
    expect(root.testsuites['@failures']).toBe(count(/<failure /g));
    expect(root.testsuites['@errors']).toBe(count(/<error /g));
    const properties = [...xml.matchAll(/<property name="([^"]*)"/g)].map(([, property]) => property);
    expect(new Set(properties).size).toBe(properties.length);
    expect(Number(root.testsuites['@failures']) > 0).toBe(report.promises.some(({ status }) => status === 'fail'));
  });
});

it('an imported run keeps the known target of its requests, and claims no target otherwise', () => {
  const report = SAMPLES.imported!();
  const target = { ingress: 'http://shop.example/', traceBackend: { url: '' } };
  const environmentOf = (one: typeof report) => JSON.parse(FORMATS.ctrf(one)).results.environment;
  const imported = '10 traces imported from 1 file, without a list of requests';
  expect(environmentOf({ ...report, run: { ...report.run, target } })).toEqual({
    testEnvironment: 'http://shop.example/',
    extra: { imported },
  });
  expect(environmentOf(report)).toEqual({ testEnvironment: imported, extra: { imported } });
  for (const format of formats)
    if (format !== 'html') expect(FORMATS[format](report), format).not.toMatch(/^.*\bProbes sent\./m);
});

it('JUnit numbers properties of one name, so that a map of them keeps all', () => {
  const toleration = { code: 'HC105' as const, reason: 'never seen', findings: 0 };
  const policy = { failOn: [], only: [], skip: [], tolerated: [toleration, toleration, toleration] };
  const xml = FORMATS.junit({ ...SAMPLES.pass!(), policy });
  expect(xml.match(/<property name="tolerated[^"]*"/g)).toEqual([
    '<property name="tolerated"',
    '<property name="tolerated 2"',
    '<property name="tolerated 3"',
  ]);
});

it.each(['ctrf', 'junit', 'markdown', 'github'] as const)(
  'in %s a promise that fails only by another finding names that finding',
  (format) => {
    const why =
      'HC301 ratings: a service is missing from the traces (4 of 4 traces); follows from HC501 reviews v2, v3 → ratings';
    // In Markdown brackets are escaped.
    const told = FORMATS[format](SAMPLES['fail-dropped']!()).replaceAll('\\(', '(').replaceAll('\\)', ')');
    expect(told).toContain(why);
    if (format === 'ctrf')
      for (const { status, message } of JSON.parse(told).results.tests)
        if (status === 'failed') expect(message).toBeTruthy();
  },
);

describe('the terminal report', () => {
  it('has the same text in colour', () => {
    const report = SAMPLES['fail-dropped']!();
    const coloured = renderTerminal(report, { color: true });
    expect(coloured).toContain('\u001b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderTerminal(report, { color: false }));
  });

  it('ends with the verdict and its reason', () => {
    const lines = renderTerminal(SAMPLES['fail-dropped']!(), { color: false }).trimEnd().split('\n');
    expect(lines.slice(-2)).toEqual([
      'FAIL (exit 1) reviews v2, v3 do not pass the trace context on to ratings',
      '(4 of 4 calls)',
    ]);
  });

  it('shows no times of a capture that was cut before it had them', () => {
    const whole = toCapture(readRecording('healthy-v1-zipkin-gw2'));
    const last = (capture: typeof whole) => renderTerminal(reportOf(capture), { color: false });
    expect(last(whole)).toContain('waiting for spans');
    expect(last({ ...whole, end: 'cut' })).not.toMatch(/waiting for spans|preflight \d/);
  });

  it.each(VIEWS.flatMap((view) => goldenOf(view).map((name) => [name, view] as const)))(
    'is for %s as the golden file has it with --%s',
    async (name, view) => {
      const text = renderTerminal(SAMPLES[name]!(), { color: false, view });
      await expect(text).toMatchFileSnapshot(`golden/${name}.${view}.txt`);
    },
  );

  it.each(names)('fits for %s into 80 columns, apart from URLs', (name) => {
    for (const view of ['normal', ...VIEWS] as const)
      for (const line of renderTerminal(SAMPLES[name]!(), { color: false, view }).split('\n'))
        if (!line.includes('://')) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
  });
});
