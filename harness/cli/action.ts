import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_APPLICATION } from '../applications/default.ts';
import { makePlan } from '../probe/plan.ts';
import { systemClock } from '../system/system-clock.ts';
import { main } from './main.ts';
import { standardStreams } from './standard-streams.ts';

// The GitHub Action (deploy/pipelines/github/action.yml): hopcheck run with inputs in place of options. The runner
// hands an input over as INPUT_ and its name in upper case, and takes outputs from the file GITHUB_OUTPUT
// (actions/toolkit, packages/core).

const { env } = process;
const input = (name: string) => env[`INPUT_${name.toUpperCase()}`]?.trim() ?? '';
const option = (name: string) => (input(name) === '' ? [] : [`--${name}`, input(name)]);

const out = input('out') || 'hopcheck-out';
const cwd = env.GITHUB_WORKSPACE ?? process.cwd();
const where = input('ingress') === '' && env.HOPCHECK_INGRESS === undefined ? ['--kube'] : option('ingress');
// One per line: an option, and its value after a blank.
const further = input('arguments')
  .split('\n')
  .flatMap((line) => {
    const [, name = '', value] = /^\s*(\S+)(?:\s+(.*\S))?\s*$/.exec(line) ?? [];
    return name === '' ? [] : value === undefined ? [name] : [name, value];
  });
const argv = ['run', ...where, ...option('traces'), ...option('application'), ...option('wait')];

const exitCode = await main([...argv, '--out', out, '--report', 'github', ...further], {
  io: { ...standardStreams(process), env, cwd, onSignal: () => () => undefined },
  application: DEFAULT_APPLICATION,
  plan: makePlan,
  clock: systemClock,
});

const report = resolve(cwd, join(out, 'report.json'));
const { verdict = 'inconclusive', sentence = '' } = existsSync(report) ? read(report) : {};
setOutput('exit-code', String(exitCode));
setOutput('verdict', verdict);
setOutput('sentence', sentence);
setOutput('out', out);
process.exitCode = exitCode;

function read(path: string): { readonly verdict?: string; readonly sentence?: string } {
  return JSON.parse(readFileSync(path, 'utf8')) as { verdict?: string; sentence?: string };
}

/** A value without line breaks: it may quote foreign text, and each line is another output. */
function setOutput(name: string, value: string): void {
  const file = env.GITHUB_OUTPUT;
  if (file) appendFileSync(file, `${name}=${value.replace(/[\r\n]+/g, ' ')}\n`);
}
