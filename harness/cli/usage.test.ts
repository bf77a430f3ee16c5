import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../lab/fault-catalogue.ts';
import { CONTEXT_FORMATS } from '../model/exchange.ts';
import { COMMANDS } from './commands.ts';
import { callMain } from './testing/call-main.ts';

describe('bad usage', () => {
  const said: string[] = [];

  it.each([
    [
      ['run', '--rate', 'fast', '--ingress', 'http://a', '--traces', 'http://b'],
      '--rate "fast" (from flag --rate): expected auto or a number',
    ],
    [['run'], '--ingress: expected a value'],
    [
      ['run', '--ingress', 'http://a/shop', '--traces', 'http://b'],
      '--ingress "http://a/shop" (from flag --ingress): expected an http or https URL without path',
    ],
    [
      ['run', '--shares', 'reviews=v9:1', '--ingress', 'http://a', '--traces', 'http://b'],
      'expected versions of reviews: v1, v2, v3; v9 is not one of them',
    ],
    [
      ['run', '--dry-run', '--shares', 'reviews=v9:1', '--ingress', 'http://a', '--traces', 'http://b'],
      'v9 is not one of them',
    ],
    [
      ['doctor', '--shares', 'review=v1:1', '--ingress', 'http://a', '--traces', 'http://b'],
      'v1, v2, v3; review is not that service, perhaps reviews, e.g. --shares reviews=v1:80,v2:20',
    ],
    [
      ['run', '--ingress', 'http://a', '--traces', 'http://b', '--report', 'yaml'],
      '--report "yaml" (from flag --report): expected terminal, line, json, junit, html, ctrf, markdown, github, prometheus',
    ],
    [['run', '--ingress', 'http://a', '--traces', 'http://b', '--capture', '/proc/none/x'], '--capture "/proc/none/x"'],
    [['run', '--config', 'none.json'], '--config'],
    [
      ['judge', 'x', '--only', 'parantage'],
      '--only "parantage" (from flag --only): expected a promise, code or tag, perhaps parentage',
    ],
    [
      ['run', '--only', 'configuration', '--ingress', 'http://a', '--traces', 'http://b'],
      '--only "configuration" (from flag --only): expected --kube, because no configuration is read without it',
    ],
    [
      ['run', '--only', 'sampling-rate', '--only', 'smoke', '--ingress', 'http://a', '--traces', 'http://b'],
      '--only "sampling-rate" (from flag --only): expected --sampling or --kube',
    ],
    [['judge', 'x', '--skip', 'environment'], 'other than of environment, which is always judged'],
    [['judge', 'x', '--tolerate', 'HC302'], 'with a reason after ='],
    [['judge', 'x', '--tolerate', 'HC999=x'], 'perhaps HC'],
    [['judge', 'x', '--fail-on', 'new'], '--baseline beside it'],
    [['judge', 'x', '--fail-on', 'warnings'], 'perhaps warning'],
    [
      ['judge', 'x', '--baseline', 'none.json'],
      '--baseline "none.json" (from flag --baseline): expected a report written by --report json',
    ],
    [['run', '--rat', '3'], '(Did you mean --rate?)'],
    [
      ['run', '--kube-context', 'prod', '--ingress', 'http://a', '--traces', 'http://b'],
      '--kube-context "prod" (from flag --kube-context): expected --kube beside it, because no cluster is read without it',
    ],
    [['doctor', '--kube-app', 'shop'], 'e.g. --kube --kube-app shop'],
    [
      ['run', '--wait', '20m', '--ingress', 'http://a', '--traces', 'http://b'],
      '--total-timeout "900s" (from the default): expected more than the 1200s of --wait, which is part of it',
    ],
    [['jugde'], "unknown command 'jugde'"],
    [['frobnicate'], `expected one of ${COMMANDS.map(({ name }) => name).join(', ')};`],
    [['help', 'rnu'], "error: unknown command 'rnu' (Did you mean run?) expected one of run, judge"],
    [['judge', 'x', '--report', 'htlm'], 'perhaps html'],
    [
      ['judge', 'x', '--report', 'json='],
      '"json=" (from flag --report): expected a path after the =, or no = for standard',
    ],
    [
      ['doctor', '--format', 'b4', '--ingress', 'http://a', '--traces', 'http://b'],
      `${CONTEXT_FORMATS.at(-1)}, perhaps b3`,
    ],
    [['judge', 'none.capture'], 'none.capture cannot be read'],
    [['lab', '--fault', 'drop-al:reviews'], 'there is no fault "drop-al"'],
    [['lab', '--fault', 'drop-all:review'], 'there is no service review'],
    [['explain', 'HC999'], 'explain "HC999": expected a code, perhaps HC'],
    [['explain', 'banana'], 'expected a code, such as HC'],
    [['lab', '--workers', '0'], '--workers "0"'],
    [['lab', '--base-path', 'a b'], '--base-path "a b" (from flag --base-path): expected a path of letters'],
    [['demo', '--out', '/dev/null/x'], '--out "/dev/null/x" (from flag --out): expected a path that can be written'],
    [['lab', '--fault', 'drop-al:reviews'], 'perhaps drop-all; see hopcheck lab --list-faults'],
    [['lab', '--fault', 'drop-all:revews'], 'there is no service revews, perhaps reviews (there are'],
    [['lab', '--engine', 'envoi'], '(Did you mean envoy?)'],
    [['completion', 'fishh'], '(Did you mean fish?)'],
    [['judge', 'x', '--report', 'juni'], 'perhaps junit'],
    [['judge', 'x', '--report', 'pdf'], 'with or without =path, e.g. --report json=report.json'],
    [['judge', 'x', '--fail-on', 'warn'], 'perhaps warning'],
    [['judge', 'x', '--only', 'configuraton'], 'perhaps configuration'],
    [['judge', 'x', '--skip', 'HC5O1'], 'perhaps HC501'],
    [['judge', 'x', '--tolerate', 'HC5O1:reviews->ratings=later'], 'perhaps HC501'],
    [['judge'], "missing required argument 'capture' e.g. hopcheck judge "],
    [['explain'], "missing required argument 'code' e.g. hopcheck explain HC501"],
    [['doctor'], '--ingress: expected a value'],
    [['config', '--rate', 'fast'], '--rate "fast"'],
    [['demo', '--fault', 'nope'], 'there is no fault "nope"; see'],
    [['codes', 'all'], 'e.g. hopcheck codes'],
    [['import', 'none.json'], 'none.json'],
  ])('gets one message and exit 64: %j', async (argv, message) => {
    const called = await callMain(argv, { cwd: tmpdir() });
    expect(called.stderr.replace(/\s+/g, ' ')).toContain(message);
    for (const line of called.stderr.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect({ exitCode: called.exitCode, stdout: called.stdout }).toEqual({ exitCode: 64, stdout: '' });
    // All codes or commands would make this file change with each new one.
    const shown = called.stderr
      .replaceAll(tmpdir(), '…')
      .replace(/HC101, [\s\S]*HC\d{3}(?=,)/, 'HC101, …')
      .replace(/expected one of run, [^;]*;/, 'expected one of run, …;');
    said.push(`hopcheck ${argv.join(' ')}\n${shown}`);
  });

  it('gets the messages of the golden file', async () => {
    await expect(said.join('\n')).toMatchFileSnapshot('golden/errors.txt');
  });

  it('explain prints the page of a code', async () => {
    const { exitCode, stdout } = await callMain(['explain', 'hc302']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('# HC302: a hop is missing') });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('help, version and the list of faults are printed with exit 0', async () => {
    expect(await callMain(['--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('0        all promises hold'),
    });
    expect(await callMain(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.1.0\n' });
    const faults = await callMain(['lab', '--list-faults']);
    expect({ exitCode: faults.exitCode, stdout: faults.stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('drop-all:reviews'),
    });
    for (const name of Object.keys(FAULTS)) expect(faults.stdout).toMatch(new RegExp(`^  '?${name}\\b`, 'm'));
    for (const line of faults.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});
