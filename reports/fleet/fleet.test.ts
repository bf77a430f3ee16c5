import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FleetReport, FleetTarget } from '../../harness/model/fleet-report.ts';
import { flat, sample } from '../testing.ts';
import { renderFleetHtml } from './fleet-html.ts';
import { renderFleetJson } from './fleet-json.ts';
import { renderFleetTerminal } from './fleet-terminal.ts';
import { fileNames } from './fleet-words.ts';

const HOSTILE = '<script>alert(1)</script>\u001b[31m::error::\u202e';
const target = (name: string, change: Partial<FleetTarget> = {}): FleetTarget => ({
  name,
  verdict: 'pass',
  sentence: 'all 7 promises judged hold: 60 probes, 60 traces',
  parts: { of: 1, missing: [] },
  ...change,
});
const broken = sample('fail-dropped');
const fleet: FleetReport = {
  schema: 'hopcheck/fleet-report@1',
  verdict: 'fail',
  exitCode: 1,
  sentence: '1 of 3 targets fails: pay: reviews drops it',
  alpha: { all: 1e-5, each: 3.33333e-6, confidence: 0.983333 },
  promises: [{ id: 'propagation', title: 'every hop passes it on', status: 'fail', targets: { fail: 1, pass: 1 } }],
  targets: [
    target('pay', { verdict: 'fail', sentence: broken.sentence, report: broken }),
    target(HOSTILE, { verdict: 'inconclusive', sentence: HOSTILE, parts: { of: 2, missing: [1] } }),
    target('shop'),
  ],
};

describe('the page of a fleet', () => {
  const page = renderFleetHtml(fleet, new Map([['pay', './pay.html']]));

  it('has a row for each target, the worst first, with a link to its own report', () => {
    expect(page).toContain('<a href="./pay.html">pay</a>');
    expect(page.indexOf('./pay.html')).toBeLessThan(page.indexOf('>shop<'));
    expect(flat(page)).toContain('1 fail, 1 pass');
    expect(page).toContain('3 targets share α 0.00001: each is tested at 0.0000033, with intervals of 98.3333 %');
  });

  it('runs nothing, and shows foreign text as text', () => {
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    for (const character of ['\u001b', '\u202e']) expect(page).not.toContain(character);
  });
});

describe('the terminal report of a fleet', () => {
  const text = renderFleetTerminal(fleet, { color: false });

  it('has a line for each target that does not hold, and the verdict last', () => {
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^✗ pay: /);
    expect(text).toContain('✓ 1 of 3 targets hold');
    expect(lines.at(-1)).toBe('FAIL (exit 1) 1 of 3 targets fails: pay: reviews drops it');
    expect(renderFleetTerminal(fleet, { color: false, view: 'quiet' }).trimEnd()).toBe(lines.at(-1));
  });

  it('lets no control character and no command of a log through', () => {
    for (const character of ['\u001b', '\u202e']) expect(text).not.toContain(character);
    expect(text).not.toMatch(/^::/m);
  });
});

it('the JSON report of a fleet has the report of each target', () => {
  const { targets } = JSON.parse(renderFleetJson(fleet)) as FleetReport;
  expect(targets.map(({ name, report }) => [name, report?.verdict])).toEqual([
    ['pay', 'fail'],
    [expect.any(String), undefined],
    ['shop', undefined],
  ]);
});

describe('the schema of the JSON report of a fleet', () => {
  const schema = (name: string): object =>
    JSON.parse(readFileSync(resolve(import.meta.dirname, '../../docs', `${name}.schema.json`), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(schema('report'));
  const validate = ajv.compile(schema('fleet-report'));
  const text = renderFleetJson(fleet);

  it('takes the report of a fleet, with the reports of its targets in it', () => {
    expect({ valid: validate(JSON.parse(text)), errors: validate.errors }).toEqual({ valid: true, errors: null });
  });

  it.each([
    ['a verdict that does not exist', (given: string) => given.replace('"verdict": "fail"', '"verdict": "maybe"')],
    ['a fleet without a target', (given: string) => JSON.stringify({ ...JSON.parse(given), targets: [] })],
    ['a target without its parts', (given: string) => given.replace('"parts"', '"part"')],
    ['a wrong code in the report of a target', (given: string) => given.replace('"code": "HC', '"code": "E')],
  ])('refuses %s', (_what, spoil) => {
    expect(spoil(text)).not.toBe(text);
    expect(validate(JSON.parse(spoil(text)))).toBe(false);
  });
});

it('every target has a separate file, in a folder of any file system', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 30 }), (names) => {
      const files = [...fileNames(names).values()];
      expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
      for (const file of files) expect(file).toMatch(/^(?!(?:index|fleet)$)[\w][\w.-]*$/i);
    }),
    { examples: [[['index', 'fleet', 'Fleet', '../fleet', 'eu/fleet']]] },
  );
});
