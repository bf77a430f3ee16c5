import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseFault } from '../../harness/lab/faults.ts';
import type { Lab } from '../../harness/lab/lab.ts';
import { labOptions } from '../../harness/lab/options.ts';
import { startStandin } from '../../harness/lab/standin.ts';
import type { RunReport } from '../../harness/model/report.ts';

const root = resolve(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');
/** Quick proxies, and hopcheck configured as a pipeline does it: by variables. */
const FLUSH = { minSpans: 1, intervalMs: 100 };
const BRIEF = { PROBES: '33', RATE: '100', FLUSH_INTERVAL: '500ms', SETTLE_TIMEOUT: '10s' };
const CASES = [
  { verdict: 'pass', exitCode: 0, faults: [] },
  { verdict: 'fail', exitCode: 1, faults: ['drop-all:reviews'] },
  { verdict: 'inconclusive', exitCode: 2, faults: ['backend-down'] },
] as const;

let folder: string;
let action: string;
const labs = new Map<string, Lab>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-pipelines-'));
  const command = join(folder, 'bin/hopcheck');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${root}/harness/cli/start.ts" "$@"\n`);
  chmodSync(command, 0o755);
  action = join(folder, 'action');
  execFileSync(process.execPath, ['tools/build-action.ts', action], { cwd: root, stdio: 'pipe' });
  for (const { verdict, faults } of CASES) {
    const parsed = faults.map((fault) => parseFault(fault, ['reviews']));
    labs.set(verdict, await startStandin(labOptions({ flush: FLUSH, faults: parsed })));
  }
});
afterAll(async () => {
  await Promise.all([...labs.values()].map((lab) => lab.stop()));
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a program in an empty workspace, with nothing of this process's variables but the PATH. */
async function inWorkspace(
  name: string,
  verdict: string,
  file: string,
  args: readonly string[],
  more: Record<string, string> = {},
) {
  const lab = labs.get(verdict);
  if (lab === undefined) throw new Error(`no lab ${verdict}`);
  const workspace = join(folder, `${name}-${verdict}`);
  mkdirSync(workspace);
  const variables = Object.entries(BRIEF).map(([key, value]) => [`HOPCHECK_${key}`, value]);
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    HOPCHECK_INGRESS: lab.ingressUrl,
    HOPCHECK_TRACES: lab.jaegerUrl,
    ...(Object.fromEntries(variables) as Record<string, string>),
    ...more,
  };
  const ended = await new Promise<Ended>((done) => {
    execFile(file, args, { cwd: workspace, env }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      done({ exitCode, output: stdout + stderr });
    });
  });
  const out = (file: string) => join(workspace, 'hopcheck-out', file);
  const report = existsSync(out('report.json'))
    ? (JSON.parse(readFileSync(out('report.json'), 'utf8')) as RunReport)
    : undefined;
  return { ...ended, workspace, report, out };
}

/** What a pipeline keeps of each run, whatever came of it. */
const ARTEFACTS = ['report.html', 'report.json', 'junit.xml', 'report.txt', 'run.capture'];

const gitlab = parseAllDocuments(text('gitlab/hopcheck.yml')).map((document) => document.toJS() as unknown);
const job = (
  gitlab[1] as {
    hopcheck: { script: string[]; artifacts: { when: string; paths: string[]; reports: { junit: string } } };
  }
).hopcheck;
const jenkins = text('jenkins/Jenkinsfile');
const [, jenkinsStep = ''] = /sh '''([\s\S]*?)'''/.exec(jenkins) ?? [];

describe.each(CASES)('a run that is $verdict', ({ verdict, exitCode }) => {
  it('ends the GitLab job with its exit code, and leaves its artefacts', async () => {
    const ended = await inWorkspace('gitlab', verdict, '/bin/sh', ['-e', '-c', job.script.join('\n')], {
      CI_JOB_URL: 'https://gitlab.example/j/7',
    });
    expect({ exitCode: ended.exitCode, verdict: ended.report?.verdict }, ended.output).toEqual({ exitCode, verdict });
    expect(ARTEFACTS.filter((name) => !existsSync(ended.out(name)))).toEqual([]);
    for (const path of [...job.artifacts.paths, job.artifacts.reports.junit])
      expect(existsSync(join(ended.workspace, path)), path).toBe(true);
    expect(job.artifacts.when).toBe('always');
  });

  it('ends the Jenkins stage with its exit code, and leaves its artefacts', async () => {
    const ended = await inWorkspace('jenkins', verdict, '/bin/sh', ['-xe', '-c', jenkinsStep], {
      BUILD_URL: 'https://jenkins.example/job/7/',
    });
    expect({ exitCode: ended.exitCode, verdict: ended.report?.verdict }, ended.output).toEqual({ exitCode, verdict });
    expect(ARTEFACTS.filter((name) => !existsSync(ended.out(name)))).toEqual([]);
    const [, junit = ''] = /testResults: '([^']+)'/.exec(jenkins) ?? [];
    expect(existsSync(join(ended.workspace, junit))).toBe(true);
    expect(jenkins).toMatch(/always \{[\s\S]*archiveArtifacts artifacts: 'hopcheck-out\/\*\*'/);
    if (verdict === 'fail')
      expect(readFileSync(ended.out('junit.xml'), 'utf8')).toContain(
        'page: https://jenkins.example/job/7/artifact/hopcheck-out/report.html#HC501-reviews-ratings',
      );
  });

  it('ends the GitHub step with its exit code, and leaves outputs, a summary, annotations and artefacts', async () => {
    const files = {
      GITHUB_OUTPUT: join(folder, `output-${verdict}`),
      GITHUB_STEP_SUMMARY: join(folder, `summary-${verdict}`),
    };
    for (const file of Object.values(files)) writeFileSync(file, '');
    const inputs = {
      INPUT_OUT: 'hopcheck-out',
      INPUT_ARGUMENTS: '--skip statistics=few probes\n\n  --verbose',
      INPUT_INGRESS: '',
    };
    const ended = await inWorkspace('github', verdict, process.execPath, [join(action, 'index.js')], {
      ...files,
      ...inputs,
    });
    expect({ exitCode: ended.exitCode, verdict: ended.report?.verdict }, ended.output).toEqual({ exitCode, verdict });
    expect(ARTEFACTS.filter((name) => !existsSync(ended.out(name)))).toEqual([]);
    const outputs = Object.fromEntries(
      readFileSync(files.GITHUB_OUTPUT, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    );
    expect(outputs).toEqual({
      'exit-code': String(exitCode),
      verdict,
      sentence: ended.report?.sentence,
      out: 'hopcheck-out',
    });
    const summary = readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8');
    const [heading = ''] = summary.split('\n');
    expect({ heading: heading !== '', times: summary.split(heading).length - 1 }).toEqual({ heading: true, times: 1 });
    expect(ended.output).toMatch(verdict === 'pass' ? /^::notice/m : /^::(error|warning)/m);
    expect(ended.report?.policy?.skip).toEqual([{ what: 'statistics', reason: 'few probes' }]);
  });
});

it('the action names what it runs, and node24 runs it', () => {
  const [document] = parseAllDocuments(text('github/action.yml'));
  const { runs, inputs, outputs } = (document?.toJS() ?? {}) as Record<string, Record<string, unknown>>;
  expect(runs).toEqual({ using: 'node24', main: 'index.js' });
  expect(existsSync(join(action, 'action.yml'))).toBe(true);
  const source = readFileSync(join(root, 'harness/cli/action.ts'), 'utf8');
  for (const name of Object.keys(inputs ?? {}))
    expect(source, name).toMatch(new RegExp(`(input|option)\\('${name}'\\)`));
  for (const name of Object.keys(outputs ?? {})) expect(source, name).toContain(`setOutput('${name}'`);
});
