import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderJson } from '../../reports/json.ts';
import { callMain } from './testing/call-main.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-compare-'));
  for (const name of ['pass', 'fail-dropped'])
    writeFileSync(join(folder, `${name}.json`), renderJson(SAMPLES[name]!()));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const call = (...argv: string[]) => callMain(['compare', ...argv], { cwd: folder });

describe('hopcheck compare', () => {
  it('ends with 0 for the same, and with 1 for what differs, and says which hop broke', async () => {
    const same = await call('pass.json', 'pass.json');
    expect({ exitCode: same.exitCode, stdout: same.stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('SAME (exit 0)'),
    });
    const { exitCode, stdout } = await call('pass.json', 'fail-dropped.json');
    expect({ exitCode, stdout: stdout.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/new: HC501 reviews .* → ratings.*DIFFERS \(exit 1\) PASS before, FAIL after/),
    });
  });

  it('writes the page to a file, or to standard output with the text beside it', async () => {
    await call('pass.json', 'fail-dropped.json', '--report', 'html=page.html');
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toContain('DIFFERS');
    const { stdout, stderr } = await call('pass.json', 'fail-dropped.json', '--report', 'html');
    expect({ page: stdout.startsWith('<!doctype html>'), text: stderr.includes('DIFFERS') }).toEqual({
      page: true,
      text: true,
    });
  });

  it('refuses reports of two applications with words', async () => {
    const other = SAMPLES.pass!();
    const hops = other.hops.map((hop) => ({ ...hop, caller: 'front', callee: `shop-${hop.callee}` }));
    writeFileSync(join(folder, 'shop.json'), renderJson({ ...other, hops }));
    const { exitCode, stderr } = await call('pass.json', 'shop.json');
    expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining(
        'expected two reports of the same application; the first is of istio-ingressgateway->productpage',
      ),
    });
  });

  it.each([
    [['none.json', 'pass.json'], 'none.json" (from the command line): expected a file that can be read'],
    [['pass.json', 'page.txt'], 'expected a report that --report json wrote (hopcheck/report@1)'],
    [['pass.json', 'cut.json'], 'expected a whole report: '],
    [['pass.json', 'pass.json', '--report', 'junit=x.xml'], 'expected terminal or html, with or without =path'],
    [['pass.json', 'pass.json', '--report', 'html=pass.json'], 'a report is read from there'],
  ])('refuses %j with words', async (argv, words) => {
    writeFileSync(join(folder, 'page.txt'), 'not a report');
    writeFileSync(join(folder, 'cut.json'), '{"schema": "hopcheck/report@1"}');
    const { exitCode, stderr } = await call(...argv);
    expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining(words),
    });
  });

  it('names the command for a capture', async () => {
    writeFileSync(join(folder, 'run.capture'), '{"head":{"schema":"hopcheck/capture@1"}}\n');
    const { stderr } = await call('pass.json', 'run.capture');
    expect(stderr.replace(/\s+/g, ' ')).toContain('hopcheck judge run.capture --report json=report.json');
  });
});
