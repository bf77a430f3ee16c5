import { parseArgs } from 'node:util';
import { startEnvoyLab } from '../fixtures/envoy/engine.ts';
import { installReal } from '../fixtures/envoy/install.ts';
import { installZipkin } from '../fixtures/envoy/zipkin.ts';
import { DETECTION_TABLE, expectedFindings, titleOf } from '../fixtures/expected/detection-table.ts';
import { aboutHealthy } from '../fixtures/istio/variant-rows.ts';
import { backendsOf, detect, detectionOptions } from '../fixtures/testing/detect.ts';
import { SimulatedClock } from '../fixtures/testing/simulated-clock.ts';
import type { Driver, JaegerVersion, Lab } from '../harness/lab/lab.ts';
import { startStandin } from '../harness/lab/standin.ts';
import { runIstioMatrix } from './matrix/istio.ts';
import { type Measured, readMeasured, writeMeasured } from './matrix/measured.ts';
import { keyOf, wrongCases } from './matrix/page.ts';
import { sideBySide } from './side-by-side.ts';

// npm run matrix -- [--engine standin|envoy|both|istio] [--jobs 1] [--only text] [--missing]: the whole product fault × engine × driver ×
// backend. Each cell compares the report of a run with the table. A whole run of both engines, and every row on Istio, is
// kept in tools/matrix/measured.json, from which npm run docs writes docs/detection.md and docs/detection-istio.md. With --only
// the cells with that text in their title run; with --missing, on Istio, the rows that did not run since they were stated.
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'both' },
    jobs: { type: 'string', default: '1' },
    only: { type: 'string' },
    missing: { type: 'boolean', default: false },
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
for (const { text } of wrongCases()) wrong.push(text);
const minutes = Number(((performance.now() - startedAtMs) / 60_000).toFixed(1));
const cells: Measured['lab']['cells'] = {};
for (const row of DETECTION_TABLE)
  for (const driver of drivers)
    cells[keyOf(row, driver)] = {
      right: right.get(keyOf(row, driver)) ?? 0,
      of: engines.length * backendsOf(row, driver).length,
      stated: [...expectedFindings(row.on[driver], driver)],
    };
if (values.only === undefined && engines.length === 2)
  writeMeasured({
    ...readMeasured(),
    lab: {
      date: new Date().toISOString().slice(0, 10),
      command: 'npm run matrix -- --engine both',
      node: process.version,
      versions: 'Envoy 1.40.0, Jaeger v1.76.0 and v2.13.0, Zipkin 3.5.1',
      minutes,
      runs,
      wrong,
      cells,
    },
  });
console.log(`${runs} runs, ${wrong.length} not as stated (${minutes} min)`);
for (const line of wrong) console.log(`  ${line}`);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** The real Istio has rows and a page for itself: one mesh serves them all, one after the other. */
async function onIstio(): Promise<never> {
  const results = await runIstioMatrix(values, console.log);
  const wrong = results.filter(({ isRight }) => !isRight).length;
  const healthy = results.filter(({ row }) => row.title.endsWith(', healthy'));
  const alarms = healthy.filter(({ found }) => found.length > 0).length;
  if (healthy.length > 0) console.log(aboutHealthy(healthy.length, alarms));
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
