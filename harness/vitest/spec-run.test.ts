import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playedApplication } from '../../fixtures/testing/played-application.ts';
import { DEFAULT_APPLICATION } from '../applications/default.ts';
import type { RunReport } from '../model/report.ts';
import { makePlan } from '../probe/plan.ts';
import './matchers.ts';
import { runForSpecs, type SpecOptions } from './spec-run.ts';
import './trace-matchers.ts';
import { makeTraces } from './traces.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hopcheck-spec-run-'));
  copyFileSync(resolve(import.meta.dirname, '../../fixtures/applications/shop.yaml'), join(cwd, 'shop.yaml'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

interface Asked {
  readonly faults?: readonly string[];
  readonly options?: SpecOptions;
  readonly env?: Readonly<Record<string, string>>;
}

/** The run that the setup of a project in the folder makes, on the stand-in. */
async function runOf({ faults = ['drop-all:shop->cart'], options = {}, env = {} }: Asked) {
  await using lab = await playedApplication('shop.yaml').start(faults);
  const { http, options: of } = lab;
  let printed = '';
  const run = await runForSpecs({
    application: DEFAULT_APPLICATION,
    plan: makePlan,
    options,
    env: {
      HOPCHECK_INGRESS: lab.ingressUrl,
      HOPCHECK_TRACES: lab.jaegerUrl,
      HOPCHECK_APPLICATION: 'shop.yaml',
      HOPCHECK_PROBES: '24',
      ...env,
    },
    cwd,
    clock: of.clock,
    ...(http !== undefined && { createClient: () => http }),
    write: (text) => {
      printed += text;
    },
  });
  return { ...run, printed };
}

const statusOf = ({ promises }: RunReport, id: string) => promises.find((promise) => promise.id === id)?.status;
const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
const TOLERATED = 'HC501:shop->cart=fixed in May';

describe('the policy holds in specs', () => {
  it('by the environment, by the configuration file and by the options of the setup', async () => {
    const plain = await runOf({});
    expect(() => expect(plain.report).toHold('propagation')).toThrow(/HC501/);
    expect(() => expect(plain.report).not.toHaveFinding('HC501')).toThrow(/HC501/);
    expect(plain.printed).toMatch(/does not pass the trace context on to cart/);
    writeFileSync(join(cwd, 'hopcheck.config.yaml'), `tolerate: ['${TOLERATED}']\n`);
    const byFile = await runOf({});
    rmSync(join(cwd, 'hopcheck.config.yaml'));
    const byEnvironment = await runOf({ env: { HOPCHECK_TOLERATE: TOLERATED } });
    const byOptions = await runOf({ options: { tolerate: [TOLERATED] } });
    for (const { report, traces } of [byFile, byEnvironment, byOptions]) {
      expect(report).toHold('propagation');
      expect(report).not.toHaveFinding('HC501');
      expect(report).toHaveFinding('HC501');
      expect(makeTraces(traces, report).of('checkout')).toKeepContext();
    }
  });

  it('leaves out what --skip and --only leave out', async () => {
    const skipped = await runOf({ options: { skip: ['propagation'] } });
    expect({
      propagation: statusOf(skipped.report, 'propagation'),
      ingress: statusOf(skipped.report, 'ingress'),
    }).toEqual({ propagation: 'skipped', ingress: 'pass' });
    const only = await runOf({ env: { HOPCHECK_ONLY: 'ingress' } });
    expect({ propagation: statusOf(only.report, 'propagation'), ingress: statusOf(only.report, 'ingress') }).toEqual({
      propagation: 'skipped',
      ingress: 'pass',
    });
  });

  it('compares with a baseline, and fails by what fails the run', async () => {
    await runOf({ options: { report: ['json=before.json'] } });
    const options = { baseline: 'before.json', failOn: 'new' };
    expect((await runOf({ options })).report).toHold('propagation');
    const worse = await runOf({ options, faults: ['drop-all:shop->cart', 'drop-all:shop->pricing'] });
    expect(() => expect(worse.report).toHold('propagation')).toThrow(/HC501/);
  });

  it('fails the setup where only a stale toleration fails the run, which no spec would show', async () => {
    const options = { failOn: 'stale', tolerate: ['HC502:shop->cart=long gone'] };
    await expect(runOf({ faults: [], options })).rejects.toThrow(/--fail-on stale, which no spec shows/);
  });
});

describe('what is written', () => {
  it('writes reports, a baseline and the capture', async () => {
    const options = {
      report: ['junit=junit.xml', 'html=page.html', 'json=report.json'],
      writeBaseline: 'next.json',
      capture: 'run.capture',
    };
    const { report } = await runOf({ options });
    expect(read('junit.xml')).toContain('<testsuites');
    expect(read('page.html')).toContain('<!doctype html>');
    expect(read('report.json')).toContain('"verdict":');
    expect(existsSync(join(cwd, 'next.json'))).toBe(true);
    expect(read('run.capture')).toContain('hopcheck/capture@1');
    // Workers need no pictures.
    expect(report.detail).toBeUndefined();
  });

  it('prints the verdict alone, and the report for people where it is asked for', async () => {
    const plain = await runOf({});
    const asked = await runOf({ options: { report: ['terminal'] } });
    expect(plain.printed.split('\n').length).toBeLessThan(4);
    expect(asked.printed).toContain('HC501');
  });

  it('fails where something that was asked for is not written', async () => {
    const options = { baseline: 'before.json', writeBaseline: 'before.json' };
    await runOf({ faults: [], options: { report: ['json=before.json'] } });
    await expect(runOf({ options })).rejects.toThrow(/not everything that was asked for is written/);
  });
});

describe('what cannot hold is refused by its name', () => {
  it.each([
    ['a report for programs on standard output', { report: ['json'] }, /--report "json".*standard output belongs/],
    ['a key that is not an option', { tolarate: ['x'] }, /tolarate.*perhaps tolerate/],
    ['an unknown format', { report: ['xlsx=a.xlsx'] }, /--report "xlsx=a.xlsx"/],
    ['a toleration without a reason', { tolerate: ['HC501'] }, /--tolerate "HC501"/],
    ['--confirm without a limit', { confirm: 100 }, /--confirm "100".*--max beside it/],
    ['a baseline that is missing', { baseline: 'none.json' }, /--baseline "none.json"/],
  ])('%s', async (_what, options, message) => {
    await expect(runOf({ options: options as SpecOptions })).rejects.toThrow(message);
  });

  it('a misspelt variable', async () => {
    await expect(runOf({ env: { HOPCHECK_TOLLERATE: TOLERATED } })).rejects.toThrow(/HOPCHECK_TOLLERATE/);
  });
});

describe('traces', () => {
  it('are found by the name of a request', async () => {
    const { report, traces } = await runOf({});
    const kept = makeTraces(traces, report);
    expect(traces.requests).toEqual(['home', 'checkout']);
    expect(kept.of('home').length + kept.of('checkout').length).toBe(kept.all.length);
    expect(kept.of('home').every(({ request }) => request === 'home')).toBe(true);
  });

  it('refuse a name that the definition does not have, and a request without a trace', async () => {
    const { report, traces } = await runOf({ faults: [] });
    expect(() => makeTraces(traces, report).of('chekout')).toThrow(
      'the definition has no request "chekout"; expected one of home, checkout',
    );
    expect(() => makeTraces({ ...traces, traces: [] }, report).of('home')).toThrow(
      /^inconclusive: the run has no trace/,
    );
  });
});
