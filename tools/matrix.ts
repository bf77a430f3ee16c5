import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { answerTo, answerToTraces, PUBLIC_CASES } from '../fixtures/cases/cases.ts';
import { FURTHER_CASES } from '../fixtures/cases/further-cases.ts';
import { startEnvoyLab } from '../fixtures/envoy/engine.ts';
import { installReal } from '../fixtures/envoy/install.ts';
import { installZipkin } from '../fixtures/envoy/zipkin.ts';
import { DETECTION_TABLE, type Detection, expectedFindings, titleOf } from '../fixtures/expected/detection-table.ts';
import { NOT_ON_ISTIO } from '../fixtures/istio/refuse.ts';
import { aboutHealthy } from '../fixtures/istio/variant-rows.ts';
import { backendsOf, detect, detectionOptions } from '../fixtures/testing/detect.ts';
import { SimulatedClock } from '../fixtures/testing/simulated-clock.ts';
import type { Driver, JaegerVersion, Lab } from '../harness/lab/lab.ts';
import { startStandin } from '../harness/lab/standin.ts';
import { runIstioMatrix, writeIstioPage } from './matrix/istio.ts';
import { sideBySide } from './side-by-side.ts';

// npm run matrix -- [--engine standin|envoy|both|istio] [--jobs 1] [--only text]: the whole product fault × engine × driver × backend, written to
// docs/detection.md. Each cell compares the report of a run with the table. With --only the cells with that text in their
// title run, and nothing is written.
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'both' },
    jobs: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
if (values.engine === 'istio') await onIstio();
const engines = (['standin', 'envoy'] as const).filter(
  (engine) => values.engine === 'both' || values.engine === engine,
);
const drivers: readonly Driver[] = ['zipkin', 'otel'];
const binaries = engines.includes('envoy') ? await installReal() : undefined;
if (engines.includes('envoy')) await installZipkin();

async function start(
  engine: 'standin' | 'envoy',
  ...[row, driver, jaeger]: [(typeof DETECTION_TABLE)[number], Driver, JaegerVersion]
): Promise<Lab> {
  if (engine === 'envoy' && binaries !== undefined)
    return startEnvoyLab(detectionOptions(row, driver, { engine, jaeger }), binaries);
  return startStandin(detectionOptions(row, driver, { clock: new SimulatedClock(), network: 'memory', jaeger }));
}

const startedAtMs = performance.now();
const product = DETECTION_TABLE.flatMap((row) =>
  drivers.flatMap((driver) =>
    engines.flatMap((engine) => backendsOf(row, driver).map((jaeger) => ({ row, driver, engine, jaeger }))),
  ),
).filter((one) => values.only === undefined || cellOf(one).includes(values.only));
if (product.length === 0) throw new Error(`no row of the matrix has "${values.only}" in its title`);
const wrong: string[] = [];
const right = new Map<string, number>();
let runs = 0;
await sideBySide(product, Number(values.jobs), async (one) => {
  const { row, driver, engine, jaeger } = one;
  await using lab = await start(engine, row, driver, jaeger);
  const { findings, information } = await detect(lab, row, engine === 'envoy' ? 40 : 60);
  const detection = row.on[driver];
  const told = detection.class !== 'information' || detection.findings.every((one) => information.includes(one));
  runs += 1;
  const cell = cellOf(one);
  const isRight = told && findings.join('\n') === expectedFindings(detection, driver).join('\n');
  const cellKey = keyOf(row, driver);
  if (isRight) right.set(cellKey, (right.get(cellKey) ?? 0) + 1);
  else wrong.push(`${cell}: ${findings.join('; ') || 'nothing'}`);
  console.log(`${runs}/${product.length} ${isRight ? `as stated: ${cell}` : `NOT AS STATED: ${wrong.at(-1)}`}`);
});
const asked = [
  ...PUBLIC_CASES.map((one) => ({ one, answer: answerTo(one) })),
  ...FURTHER_CASES.map((one) => ({ one, answer: answerToTraces(one.traces, one.complete) })),
];
const cases = asked.map(({ one, answer }) => {
  const right = { information: [], notSupported: [], ...one };
  const keys = ['verdict', 'findings', 'information', 'notSupported'] as const;
  const isRight = keys.every((key) => JSON.stringify(answer[key]) === JSON.stringify(right[key]));
  if (!isRight) wrong.push(`public case ${one.name}: ${JSON.stringify(answer)}`);
  const said = [...answer.findings, ...answer.information, ...answer.notSupported.map((id) => `${id} not supported`)];
  const text = `${answer.verdict}: ${said.join('; ') || 'nothing'}`;
  return { line: `| ${one.situation} | ${one.source} | ${text} | ${isRight ? 'as stated' : '**not as stated**'} |` };
});
const lines = DETECTION_TABLE.map((row) => {
  const cells = drivers.map(
    (driver) =>
      `${inWords(row.on[driver], driver)} · ${right.get(keyOf(row, driver)) ?? 0} of ${engines.length * backendsOf(row, driver).length}`,
  );
  return `| ${titleOf(row, (fault) => `\`${fault}\``)} | ${countText(row)} | ${cells.join(' | ')} |`;
});

/** The real Istio has rows and a page for itself: one mesh serves them all, one after the other. */
async function onIstio(): Promise<never> {
  const began = performance.now();
  const results = await runIstioMatrix(values.only, console.log);
  const wrong = results.filter(({ isRight }) => !isRight).length;
  const healthy = results.filter(({ row }) => row.title.endsWith(', healthy'));
  const alarms = healthy.filter(({ found }) => found.length > 0).length;
  if (healthy.length > 0) console.log(aboutHealthy(healthy.length, alarms));
  if (values.only === undefined) writeIstioPage(results, (performance.now() - began) / 60_000);
  console.log(`${results.length} runs, ${wrong} not as stated`);
  process.exit(wrong > 0 ? 1 : 0);
}

interface Cell {
  readonly row: (typeof DETECTION_TABLE)[number];
  readonly driver: Driver;
  readonly engine: 'standin' | 'envoy';
  readonly jaeger: JaegerVersion;
}

function cellOf({ row, driver, engine, jaeger }: Cell): string {
  return `${titleOf(row)} · ${engine} · ${driver} · ${jaeger === 'zipkin' ? 'Zipkin' : `Jaeger ${jaeger}`}`;
}

function keyOf(row: (typeof DETECTION_TABLE)[number], driver: Driver): string {
  return `${titleOf(row)} · ${driver}`;
}

function inWords(detection: Detection, driver: Driver): string {
  if (detection.class === 'invisible') return `invisible: ${linked(detection.why)}`;
  if (detection.class === 'information') return `information, the run passes: ${detection.findings.join('; ')}`;
  const findings = expectedFindings(detection, driver).join('; ');
  return detection.class === 'found'
    ? `found: ${findings}`
    : `same as \`${detection.as}\` (${linked(detection.why)}): ${findings}`;
}

/** Citations are written from the root; the page lies in docs/. */
function linked(why: string): string {
  return why.replaceAll(/docs\/(facts\/[\w-]+\.md#[\w-]+)/g, '[$1]($1)');
}

/** Findings of a row that is found: errors and warnings that no other one explains. */
function findingsOf({ on }: (typeof DETECTION_TABLE)[number]): readonly number[] {
  return drivers.flatMap((driver) => {
    const { class: what } = on[driver];
    return what === 'found' || what === 'same-as' ? [expectedFindings(on[driver], driver).length] : [];
  });
}

function countText(row: (typeof DETECTION_TABLE)[number]): string {
  return [...new Set(findingsOf(row))].join(', ') || '–';
}

/** `one finding in the median; the most are 2: a, b`; of rows with one fault. */
function aboutCounts(): string {
  const rows = DETECTION_TABLE.filter(({ faults }) => faults.length === 1);
  const counts = rows.flatMap(findingsOf).toSorted((a, b) => a - b);
  const median = counts[Math.floor(counts.length / 2)];
  const most = counts.at(-1) ?? 0;
  const largest = rows
    .filter((row) => findingsOf(row).includes(most))
    .map((row) => titleOf(row, (fault) => `\`${fault}\``));
  return `${median} finding in the median of ${counts.length} cells with one fault, and ${most} at most (${largest.join(', ')})`;
}

const minutes = ((performance.now() - startedAtMs) / 60_000).toFixed(1);
const versions = engines.includes('envoy')
  ? 'Envoy 1.40.0, Jaeger v1.76.0 and v2.13.0, Zipkin 3.5.1'
  : 'the stand-in only';
const page = `<!-- written by npm run matrix; edit fixtures/expected/detection-table.ts instead -->

# What is found, and what cannot be

Every fault of the lab, per tracing driver: what a run must report, and in how many of the runs (engine × trace backend; Zipkin with the Zipkin driver only) it reported exactly that: each fault by its code, cause and hop, and nothing else. A fault that leaves no mark on any span is listed as invisible, with the reason.

Written on ${new Date().toISOString().slice(0, 10)} by \`npm run matrix -- --engine ${values.engine}\` on Node ${process.version} with ${versions}: ${runs} runs in ${minutes} minutes, ${wrong.length} not as stated.

| fault | findings | Zipkin driver (B3) | OpenTelemetry driver (W3C) |
| --- | --- | --- | --- |
${lines.join('\n')}

A fault that is found is ${aboutCounts()}.

## Public cases

Situations that people reported, and more of the same kinds, each as the smallest dump that shows it (\`fixtures/cases/\`), and the answer of \`hopcheck import --judge\`. A test holds each row (\`fixtures/cases/cases.test.ts\`). Source \`none\`: we found no report of it.

| situation | source | answer | |
| --- | --- | --- | --- |
${cases.map(({ line }) => line).join('\n')}

## On a real Istio

\`npm run matrix -- --engine istio\` runs the same faults on a real Istio with its own Bookinfo, in about an hour, and writes \`detection-istio.md\` beside this page. CI takes eight of its runs by rotation. That engine cannot make these:

${Object.entries(NOT_ON_ISTIO)
  .map(([kind, why]) => `* \`${kind}\`: ${why}.`)
  .join('\n')}
${wrong.length === 0 ? '' : `\n## Not as stated\n\n${wrong.map((line) => `* ${line}`).join('\n')}\n`}`;
if (values.only === undefined) writeFileSync(resolve(import.meta.dirname, '../docs/detection.md'), page);
console.log(`${runs} runs, ${wrong.length} not as stated (${minutes} min)`);
for (const line of wrong) console.log(`  ${line}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
