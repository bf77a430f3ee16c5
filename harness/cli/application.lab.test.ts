import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playedApplication } from '../../fixtures/testing/played-application.ts';
import type { Lab } from '../lab/lab.ts';
import type { RunReport } from '../model/report.ts';
import { systemClock } from '../system/system-clock.ts';
import { callMain } from './testing/call-main.ts';

const BRIEF = ['--probes', '40', '--rate', '100', '--flush-interval', '500ms', '--settle-timeout', '60s'];
const TOKEN = 'a-secret-of-the-shop';

let folder: string;
let lab: Lab;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-application-'));
  copyFileSync(resolve(import.meta.dirname, '../../fixtures/applications/shop.yaml'), join(folder, 'shop.yaml'));
  const quick = { flush: { minSpans: 1, intervalMs: 100 }, clock: systemClock, network: 'loopback' } as const;
  lab = await playedApplication('shop.yaml').start(['drop-all:pricing->tax'], quick);
});
afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true, force: true });
});

const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const call = (command: string, more: readonly string[], env: Record<string, string> = {}) =>
  callMain([command, '--ingress', lab.ingressUrl, '--traces', lab.jaegerUrl, ...more], { cwd: folder, env });
const errorsOf = ({ promises }: RunReport) =>
  promises.flatMap(({ findings }) => findings.flatMap(({ severity, code }) => (severity === 'error' ? [code] : [])));

it('runs and judges an application of a file, and judges its capture alike', async () => {
  const out = ['--application', 'shop.yaml', '--report', 'json=a.json', '--capture', 'a.capture'];
  const { exitCode, stderr } = await call('run', [...BRIEF, ...out]);
  const report = JSON.parse(read('a.json')) as RunReport;
  expect({ exitCode, errors: errorsOf(report), stderr }).toMatchObject({ exitCode: 1, errors: ['HC501'] });
  expect(report.sentence).toContain('pricing v2 does not pass the trace context on to tax');
  const again = await callMain(['judge', 'a.capture', '--report', 'json=b.json'], { cwd: folder });
  expect({ exitCode: again.exitCode, errors: errorsOf(JSON.parse(read('b.json')) as RunReport) }).toEqual({
    exitCode: 1,
    errors: ['HC501'],
  });
});

it('takes the definition from the configuration file, and keeps bodies and secrets out of the capture', async () => {
  const definition = read('shop.yaml').replace(
    "json: { sku: '42' }",
    `json: { sku: '\${SHOP_KEY}' }\n    headers: { x-api-key: '\${SHOP_KEY}' }`,
  );
  expect(definition).toContain('SHOP_KEY');
  const inline = definition
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  writeFileSync(join(folder, 'own.yaml'), `application:\n${inline}\n`);
  const out = ['--config', 'own.yaml', '--report', 'json=c.json', '--report', 'html=c.html', '--capture', 'c.capture'];
  const unset = await call('run', [...BRIEF, ...out]);
  expect({ exitCode: unset.exitCode, text: unset.stderr.replace(/\s+/g, ' ') }).toMatchObject({
    exitCode: 64,
    text: expect.stringContaining('the variable SHOP_KEY to be set'),
  });
  const { exitCode } = await call('run', [...BRIEF, ...out], { SHOP_KEY: TOKEN });
  expect(exitCode).toBe(1);
  const sent = lab.received.filter(({ request }) => request.body.includes(TOKEN));
  expect(sent.length).toBeGreaterThan(10);
  const written = ['c.json', 'c.html', 'c.capture'].filter((name) => read(name).includes(TOKEN));
  expect(written).toEqual([]);
  expect(read('c.capture')).not.toContain('"items"');
});

it('names each request before anything is sent', async () => {
  const { stdout } = await call('run', ['--application', 'shop.yaml', '--dry-run']);
  expect(stdout.replace(/\s+/g, ' ')).toContain(`checkout: POST ${lab.ingressUrl}/api/orders with a body`);
  expect(stdout).not.toContain('sku');
});

it('says how to begin where no file describes the application of the mesh', async () => {
  const { exitCode, stderr } = await call('run', BRIEF);
  expect(exitCode).not.toBe(0);
  expect(stderr.replace(/\s+/g, ' ')).toContain('learn --name NAME --get PATH');
});

it('is taken by doctor', async () => {
  const { exitCode, stdout } = await call('doctor', ['--application', 'shop.yaml', '--flush-interval', '500ms']);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
});
