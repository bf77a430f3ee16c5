// Over 250 lines: every way of delivering reports, over the same folder and captures.
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORMATS } from '../../reports/formats.ts';
import { writeFileAtomic } from '../capture/atomic-write.ts';
import { callMain } from './testing/call-main.ts';
import { recordedCapture } from './testing/recorded-capture.ts';

const formats = Object.keys(FORMATS);
const CASES = [
  [0, 'healthy-v1-zipkin-gw2'],
  [1, 'drop-all-reviews'],
] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-deliver-'));
  for (const [, name] of CASES) writeFileAtomic(join(folder, `${name}.capture`), recordedCapture(name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const judge = (name: string, more: readonly string[], env: Record<string, string> = {}) =>
  callMain(['judge', `${name}.capture`, ...more], { cwd: folder, env });

describe.each(CASES)('exit code %i, %s', (exitCode, name) => {
  it.each(formats)('is the same for %s', async (format) => {
    expect((await judge(name, ['--report', format])).exitCode).toBe(exitCode);
    expect((await judge(name, ['--report', `${format}=out/x`])).exitCode).toBe(exitCode);
    expect(readdirSync(join(folder, 'out'))).toEqual(['x']);
  });

  it('is the same for all of them at once, and in every view', async () => {
    const all = formats.flatMap((format) => ['--report', `${format}=${format}.out`]);
    for (const view of [[], ['--verbose'], ['--short'], ['--quiet']])
      expect((await judge(name, [...all, ...view])).exitCode).toBe(exitCode);
    expect(readdirSync(folder).filter((file) => file.endsWith('.out'))).toHaveLength(formats.length);
  });
});

it('a report that cannot be written hides neither the verdict nor the other reports', async () => {
  const args = ['--report', 'json=/dev/full', '--report', 'junit=a.xml'];
  const failed = await judge('drop-all-reviews', args);
  expect({ exitCode: failed.exitCode, stdout: failed.stdout }).toEqual({
    exitCode: 1,
    stdout: expect.stringContaining('FAIL (exit 1)'),
  });
  expect(failed.stderr.replace(/\s+/g, ' ')).toMatch(/^the json report could not be written: /);
  expect(readFileSync(join(folder, 'a.xml'), 'utf8')).toContain('</testsuites>');
  // A missing report must not look like success.
  const unwritten = await judge('healthy-v1-zipkin-gw2', args);
  expect(unwritten.exitCode).toBe(2);
  expect(unwritten.stderr).toContain('exit 2: not everything that was asked for could be written');
});

it.each([
  {
    what: 'two reports',
    args: ['--report', 'json=a.out', '--report', 'junit=./a.out'],
    expected: 'because --report json=a.out goes there',
  },
  {
    what: 'a report and the capture',
    args: ['--report', 'json=drop-all-reviews.capture'],
    expected: 'because the capture is read from there',
  },
])('$what in one place are refused before one replaces the other', async ({ args, expected }) => {
  const before = readFileSync(join(folder, 'drop-all-reviews.capture'), 'utf8');
  const { exitCode, stderr } = await judge('drop-all-reviews', args);
  expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
    exitCode: 64,
    stderr: expect.stringContaining(expected),
  });
  expect(readFileSync(join(folder, 'drop-all-reviews.capture'), 'utf8')).toBe(before);
  expect(readdirSync(folder)).not.toContain('a.out');
});

describe('an output that would replace an input', () => {
  const yaml = 'hopcheck.config.yaml';
  beforeEach(async () => {
    writeFileAtomic(join(folder, yaml), 'failOn: error\n');
    writeFileAtomic(join(folder, 'ca.pem'), 'x');
    await judge('drop-all-reviews', ['--report', 'json=before.json']);
    symlinkSync(yaml, join(folder, 'link.json'));
    symlinkSync('.', join(folder, 'here'));
    linkSync(join(folder, 'drop-all-reviews.capture'), join(folder, 'other-name'));
  });

  it.each([
    [['--report', `json=${yaml}`], 'the configuration is read from there'],
    [['--config', yaml, '--report', 'json=link.json'], 'the configuration is read from there'],
    [['--baseline', 'before.json', '--report', 'markdown=here/before.json'], '--baseline is read from there'],
    [['--report', 'html=ca.pem'], '--traces-ca is read from there'],
    [['--report', 'html=kube'], '--kubeconfig is read from there'],
    [['--report', 'html=other-name'], 'the capture is read from there'],
    [['--report', 'html=new', '--report', 'json=here/new'], '--report html=new goes there'],
  ])('is refused: %j', async (args, expected) => {
    const env = { HOPCHECK_TRACES_CA: 'ca.pem', HOPCHECK_KUBECONFIG: 'kube' };
    const before = readdirSync(folder);
    const { exitCode, stderr } = await judge('drop-all-reviews', args, env);
    expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining(`a separate file, because ${expected}`),
    });
    expect(readdirSync(folder)).toEqual(before);
  });

  it('is refused for the capture of a run before anything is sent', async () => {
    const target = ['--ingress', 'http://127.0.0.1:1', '--traces', 'http://127.0.0.1:1'];
    const { exitCode, stderr } = await callMain(['run', ...target, '--capture', 'link.json'], { cwd: folder });
    expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr:
        '--capture "link.json" (from flag --capture): expected a separate file, because the configuration is read from there, e.g. --capture run.capture ',
    });
    expect(readFileSync(join(folder, yaml), 'utf8')).toBe('failOn: error\n');
  });

  it('is accepted where the next baseline takes the place of the last', async () => {
    const args = ['--baseline', 'before.json', '--fail-on', 'new', '--report', 'json=before.json'];
    expect((await judge('drop-all-reviews', args)).exitCode).toBe(0);
    expect((await judge('drop-all-reviews', args)).exitCode).toBe(0);
  });
});

it.each([
  ['a folder', 'json=taken'],
  ['a folder that is not there', 'json=missing/'],
  ['a folder by its dots', 'json=missing/..'],
  ['below a file', 'json=drop-all-reviews.capture/a.json'],
  ['a name that is too long', `json=${'n'.repeat(256)}`],
  ['where no file can be made', 'json=/proc/a.json'],
])('a path that cannot be written is reported before anything is done: %s', async (_, report) => {
  mkdirSync(join(folder, 'taken'));
  const before = readdirSync(folder);
  const { exitCode, stdout, stderr } = await judge('drop-all-reviews', ['--report', 'junit=a.xml', '--report', report]);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 64,
    stdout: '',
    stderr: expect.stringMatching(/^--report\s+"json=/),
  });
  expect(readdirSync(folder)).toEqual(before);
});

it.each([
  ['two reports', ['--report', 'json=real.out', '--report', 'junit=link.out']],
  ['a report and the judged capture', ['--report', 'json=link.capture']],
])('%s are in one place where a link leads from one to the other', async (_, args) => {
  symlinkSync('real.out', join(folder, 'link.out'));
  symlinkSync('drop-all-reviews.capture', join(folder, 'link.capture'));
  const { exitCode, stderr } = await judge('drop-all-reviews', args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining('a separate file') });
});

it('a capture and a report are in one place where a link leads from one to the other', async () => {
  symlinkSync('run.capture', join(folder, 'link.json'));
  const target = ['--ingress', 'http://127.0.0.1:1', '--traces', 'http://127.0.0.1:1', '--dry-run'];
  const args = ['run', ...target, '--capture', 'run.capture', '--report', 'json=link.json'];
  const { exitCode, stderr } = await callMain(args, { cwd: folder });
  expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
    exitCode: 64,
    stderr: expect.stringContaining('because --capture goes there'),
  });
});

it('judge names the kind of a file that is not a capture', async () => {
  await judge('healthy-v1-zipkin-gw2', ['--report', 'json=r.json', '--report', 'junit=r.xml']);
  writeFileAtomic(
    join(folder, 'newer.json'),
    readFileSync(join(folder, 'r.json'), 'utf8').replace('report@1', 'report@19'),
  );
  for (const [file, expected] of [
    ['r.json', 'r.json is not a capture but a report made from one'],
    ['newer.json', 'newer.json is not a capture but a report made from one'],
    ['r.xml', 'r.xml, line 1: not JSON; expected one record per line'],
  ] as const) {
    const { exitCode, stderr } = await callMain(['judge', file], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining(expected) });
  }
});

it('a device accepts several reports', async () => {
  const args = ['--report', 'json=/dev/null', '--report', 'junit=/dev/null'];
  expect((await judge('healthy-v1-zipkin-gw2', args)).exitCode).toBe(0);
});

it.each([[['--report', 'json=x.out', '--capture', './x.out']], [['--report', 'jsn=x.out']]])(
  'a dry run refuses %j as well',
  async (args) => {
    const target = ['--ingress', 'http://127.0.0.1:1', '--traces', 'http://127.0.0.1:1'];
    const { exitCode, stderr } = await callMain(['run', ...target, '--dry-run', ...args], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining('--report') });
    expect(readdirSync(folder)).not.toContain('x.out');
  },
);

it('judge takes an earlier report as baseline, from the file it was written to', async () => {
  const quiet = ['--quiet', '--baseline', 'before.json', '--fail-on', 'new'];
  await judge('drop-all-reviews', ['--report', 'json=before.json']);
  const known = await judge('drop-all-reviews', quiet);
  expect({ exitCode: known.exitCode, stderr: known.stderr, stdout: known.stdout }).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringContaining('passed, 1 finding known'),
  });
  await judge('healthy-v1-zipkin-gw2', ['--report', 'json=before.json']);
  expect((await judge('drop-all-reviews', quiet)).exitCode).toBe(1);
});

it('judge recognises a baseline that is a capture', async () => {
  const { exitCode, stderr } = await judge('drop-all-reviews', ['--baseline', 'drop-all-reviews.capture']);
  expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
    exitCode: 64,
    stderr: expect.stringContaining(
      'it is a capture; hopcheck judge drop-all-reviews.capture --report json=before.json',
    ),
  });
});

it('judge suggests a subject for a toleration that fits no finding', async () => {
  const tolerate = (subject: string) => judge('drop-all-reviews', ['--quiet', '--tolerate', `HC501:${subject}=later`]);
  expect((await tolerate('review->ratings')).stderr.replace(/\s+/g, ' ')).toContain('perhaps HC501:reviews->ratings');
  expect(await tolerate('reviews->ratings')).toMatchObject({ exitCode: 0, stderr: '' });
  // As the report prints it, without versions.
  for (const printed of ['reviews v2, v3 → ratings', 'reviews v2,v3->ratings', 'reviews → ratings v1'])
    expect(await tolerate(printed)).toMatchObject({ exitCode: 0, stderr: '' });
  for (const other of ['foo', 'REVIEWS']) expect((await tolerate(other)).exitCode).toBe(1);
  expect((await tolerate('foo')).stderr.replace(/\s+/g, ' ')).toBe(
    '--tolerate HC501:foo fits nothing here; HC501 was seen, but of reviews->ratings ',
  );
  // Of another hop that there is: not needed any more, as the report says.
  expect(await tolerate('productpage->details')).toMatchObject({ exitCode: 1, stderr: '' });
});

describe('reports, capture and view without a flag', () => {
  it('come from a variable or a file, and a flag goes before both', async () => {
    const env = { HOPCHECK_REPORT: 'json=env/r.json,\njunit=env/r.xml', HOPCHECK_QUIET: 'true' };
    writeFileAtomic(join(folder, 'hopcheck.config.yaml'), 'report: [ctrf=file/c.json]\nshort: true\n');
    const quiet = await judge('drop-all-reviews', [], env);
    expect({ exitCode: quiet.exitCode, stderr: quiet.stderr, lines: quiet.stdout.split('\n').length }).toEqual({
      exitCode: 1,
      stderr: '',
      lines: 3,
    });
    expect(readdirSync(join(folder, 'env')).toSorted()).toEqual(['r.json', 'r.xml']);
    expect(readdirSync(folder)).not.toContain('file');
    const short = await judge('drop-all-reviews', []);
    expect(short.stdout).toMatch(/^FAIL \(exit 1\) [^\n]*\n[^✗]*✗ trace-shape: FAIL/);
    expect(readdirSync(join(folder, 'file'))).toEqual(['c.json']);
    const verbose = await judge('drop-all-reviews', ['--report', 'terminal', '--verbose'], env);
    expect(verbose.stdout).toContain('some hops do not pass the trace context on');
  });

  it('are refused with the source of the wrong value', async () => {
    const stderrOf = async (env: Record<string, string>) => {
      const { exitCode, stderr } = await judge('drop-all-reviews', [], env);
      expect(exitCode).toBe(64);
      return stderr.replace(/\s+/g, ' ');
    };
    expect(await stderrOf({ HOPCHECK_REPORT: 'junit=a.xml, pdf' })).toContain(
      '--report "pdf" (from environment HOPCHECK_REPORT)',
    );
    expect(await stderrOf({ HOPCHECK_REPORT: 'json=/proc/none/x' })).toContain(
      'from environment HOPCHECK_REPORT): expected a path that can be written',
    );
    expect(await stderrOf({ HOPCHECK_VERBOSE: 'maybe' })).toContain('"maybe" (from environment HOPCHECK_VERBOSE)');
    expect(await stderrOf({ HOPCHECK_CONFIG: 'x.json' })).toContain(
      'HOPCHECK_CONFIG (from environment): expected the flag --config instead',
    );
    writeFileAtomic(join(folder, 'hopcheck.config.json'), '{"report": "htm=x"}');
    expect(await stderrOf({})).toContain('--report "htm=x" (from file hopcheck.config.json, "report")');
  });

  it('include the capture of a run, and --dry-run and config --print show it', async () => {
    const env = { HOPCHECK_REPORT: 'json=r.json', HOPCHECK_CAPTURE: '/proc/none/x' };
    const target = ['--ingress', 'http://127.0.0.1:1', '--traces', 'http://127.0.0.1:1'];
    const call = (...argv: readonly string[]) => callMain([...argv, ...target], { cwd: folder, env });
    expect((await call('run', '--dry-run')).stdout).toContain('report json=r.json, capture to /proc/none/x');
    const run = await call('run');
    expect({ exitCode: run.exitCode, stderr: run.stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining('--capture "/proc/none/x" (from environment HOPCHECK_CAPTURE): expected a path'),
    });
    const { stdout } = await call('config');
    expect(stdout).toMatch(/^report +json=r.json +environment: HOPCHECK_REPORT$/m);
    expect(stdout).toMatch(/^capture +\/proc\/none\/x +environment: HOPCHECK_CAPTURE$/m);
  });
});

it('judge gives the reason where the capture has no promise that --only names', async () => {
  const { exitCode, stderr } = await judge('healthy-v1-zipkin-gw2', ['--only', 'configuration', '--only', 'HC604']);
  expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
    exitCode: 2,
    stderr:
      '--only configuration selects nothing of this run: it needs --kube, because no configuration is read without it ' +
      '--only HC604 selects nothing of this run: it needs --sampling or --kube, because no rate is known without them ',
  });
  expect((await judge('healthy-v1-zipkin-gw2', ['--only', 'statistics'])).stderr).toBe('');
});

it.each([
  ['', '## '],
  ['before\n', 'before\n\n\n## '],
  ['* no newline', '* no newline\n\n## '],
])('the summary is added to the job summary of GitHub, as a heading after %j', async (before, start) => {
  const summary = join(folder, 'summary.md');
  writeFileAtomic(summary, before);
  const { stdout } = await judge('drop-all-reviews', ['--report', 'github'], { GITHUB_STEP_SUMMARY: summary });
  expect(stdout).toMatch(/^::error title=hopcheck%3A FAIL.*\n::error title=HC501/);
  expect(readFileSync(summary, 'utf8').startsWith(`${start}❌ hopcheck: FAIL`)).toBe(true);
});

it('the job summary stays as it is where a longer one would be lost', async () => {
  const summary = join(folder, 'summary.md');
  writeFileAtomic(summary, 'x'.repeat(1024 * 1024 - 100));
  const env = { GITHUB_STEP_SUMMARY: summary };
  const { exitCode, stderr } = await judge('healthy-v1-zipkin-gw2', ['--report', 'github'], env);
  expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining('the job summary could not be'),
  });
  expect(readFileSync(summary)).toHaveLength(1024 * 1024 - 100);
});
