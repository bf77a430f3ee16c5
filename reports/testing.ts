import { create } from 'xmlbuilder2';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import type { ReportedPromise, RunReport } from '../harness/model/report.ts';
import { FORMATS } from './formats.ts';
import { renderTerminal } from './terminal.ts';

// Each format has golden files of a run that passes, of one that fails and of a hostile one. Tests look for the parts
// that other runs add; these functions read them back from the written text.

/** @throws Error where there is no such sample. */
export function sample(name: string): RunReport {
  const make = SAMPLES[name];
  if (make === undefined) throw new Error(`no sample ${name}; there are ${Object.keys(SAMPLES).join(', ')}`);
  return make();
}

/** @throws Error where the report has no such promise. */
export function promiseOf(report: RunReport, id: string): ReportedPromise {
  const promise = report.promises.find((one) => one.id === id);
  if (promise === undefined) throw new Error(`no promise ${id} in the report`);
  return promise;
}

/** Line ends, blanks and blanks that do not break as one blank. */
export function flat(text: string): string {
  return text.replace(/[\s\u00a0\u202f]+/g, ' ');
}

/** A page, or a part of one, as a reader sees its text. */
export function asRead(html: string): string {
  const text = html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<\/(?:p|li|h\d|dt|dd|td|th)>/g, ' ')
    .replace(/<[^>]+>/g, '');
  const escapes = { '#39': "'", quot: '"', lt: '<', gt: '>', amp: '&' } as const;
  return flat(text.replace(/&(#39|quot|lt|gt|amp);/g, (_, name: keyof typeof escapes) => escapes[name]));
}

/** The item of a promise in the page's list. */
export function htmlItem(report: RunReport, id: string): string {
  const item = new RegExp(`<li id="promise-${id}"[\\s\\S]*?(?=<li id="promise-|</section>)`);
  return item.exec(FORMATS.html(report))?.[0] ?? '';
}

export function verbose(report: RunReport): string {
  return flat(renderTerminal(report, { color: false, view: 'verbose' }));
}

interface CtrfTest {
  readonly suite: readonly string[];
  readonly status: string;
  readonly rawStatus: string;
  readonly message?: string;
  readonly trace?: string;
  readonly extra: Readonly<Record<string, unknown>>;
}

export function ctrfTest(report: RunReport, id: string): CtrfTest | undefined {
  const tests: readonly CtrfTest[] = JSON.parse(FORMATS.ctrf(report)).results.tests;
  return tests.find(({ suite }) => suite[1] === id);
}

/** The row of a promise in the table. */
export function markdownRow(report: RunReport, id: string): string {
  const lines = FORMATS.markdown(report).split('\n');
  return lines.find((line) => line.includes(` | ${id} | `)) ?? '';
}

interface JunitCase {
  readonly '@classname': string;
  readonly error?: { readonly '@type': string; readonly '@message': string; readonly '#': string };
  readonly skipped?: { readonly '@message': string };
  readonly failure?: unknown;
  readonly 'system-out'?: string;
}

interface JunitSuite {
  readonly '@skipped': string;
  readonly properties: { readonly property: readonly { readonly '@name': string; readonly '@value': string }[] };
  readonly testcase: readonly JunitCase[];
}

/** The suite as it is read from the XML: its properties by name, and the case of a promise. */
export function junit(report: RunReport) {
  const root = create(FORMATS.junit(report)).root().toObject() as unknown as { testsuites: { testsuite: JunitSuite } };
  const { properties, testcase, '@skipped': skipped } = root.testsuites.testsuite;
  return {
    skipped,
    properties: new Map(properties.property.map((property) => [property['@name'], property['@value']])),
    caseOf: (id: string) => testcase.find((one) => one['@classname'] === `hopcheck.${id}`),
  };
}
