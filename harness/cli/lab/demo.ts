import { join, resolve } from 'node:path';
import { wrap } from '../../../reports/wrap.ts';
import { resolveSettings } from '../../config/resolve.ts';
import { findApplication } from '../../definition/find-application.ts';
import { EVERYTHING_COUNTS } from '../../model/policy.ts';
import { calledAs } from '../called-as.ts';
import type { CommandRow } from '../context.ts';
import { checkDeliveries } from '../deliver.ts';
import { columnsOf, type OutputFlags, say, shellWord } from '../output.ts';
import { endingOfRun, runAndReport } from '../run.ts';
import { asSaid, type RunOutput, readOutput } from '../run-output.ts';
import { addLabOptions } from './lab.ts';
import type { LabFlags } from './up-lab.ts';

const FOLDER = 'hopcheck-out';
const REPORTS = { json: 'report.json', junit: 'junit.xml', terminal: 'report.txt', html: 'report.html' };
const CAPTURE = 'run.capture';

/** What `npm start` does: a mesh on this machine, one run against it, its reports in a folder, and everything down again. */
export const demoCommand: CommandRow = {
  name: 'demo',
  about: 'bring up the embedded lab, check it, write the reports',
  examples: ['hopcheck demo --fault missing:reviews-v3'],
  define(command, context, done) {
    const { io, clock } = context;
    addLabOptions(command);
    command.option(
      '--probes <number>',
      'requests that ask for a trace (forced-on probes); the plan adds a few of other kinds',
      '60',
    );
    command.option('--out <folder>', 'where reports and capture go', FOLDER);
    command.option('--no-color', 'no colours (also NO_COLOR)');
    command.action(async (flags: LabFlags & Pick<OutputFlags, 'color'> & { probes: string; out: string }) => {
      const output = outputOfDemo(flags, io.cwd);
      // Before the lab is up: a folder that cannot be made is better known at once.
      asSaid(output.said, () => checkDeliveries(output.deliveries));
      const startedAtMs = clock.now();
      const { upLab } = await import('./up-lab.ts');
      const lab = await upLab(flags, context);
      try {
        const upMs = Math.round(clock.now() - startedAtMs);
        const faults = flags.fault.length === 0 ? 'healthy' : `with ${flags.fault.join(', ')}`;
        say(
          io.stderr,
          `lab up in ${upMs} ms (${lab.options.engine}, ${faults}): ${lab.ingressUrl}${lab.options.application.path}`,
        );
        // The lab is what is described here; what the environment says about another mesh does not apply to it.
        // No user is on this mesh, so that the rate may rise.
        const flagsOfRun = { ingress: lab.ingressUrl, jaeger: lab.jaegerUrl, probes: flags.probes, rate: 'auto' };
        const settings = resolveSettings({ flags: flagsOfRun, env: {}, readFile: () => '' });
        using ending = endingOfRun(context, settings.totalTimeoutMs);
        const own = await findApplication({ flags: { application: flags.application }, env: io.env }, io.cwd);
        const played = own === undefined ? context : { ...context, application: own };
        const { exitCode } = await runAndReport({ settings, waitedMs: 0 }, EVERYTHING_COUNTS, output, played, ending);
        const also = Object.values(REPORTS).filter((name) => name !== REPORTS.html);
        io.stdout.write(
          [
            `page: ${resolve(io.cwd, flags.out, REPORTS.html)}`,
            ...wrap(also.join(', '), columnsOf(io.stdout), `also in ${flags.out}: `),
            `to judge it again: ${calledAs(io.env)} judge ${shellWord(join(flags.out, CAPTURE))}`,
            '',
          ].join('\n'),
        );
        done(exitCode);
      } finally {
        await lab.stop();
      }
    });
  },
};

/** A problem with a place is a problem of `--out`, the only place that a user gives. */
function outputOfDemo({ out, color }: Pick<OutputFlags, 'color'> & { readonly out: string }, cwd: string): RunOutput {
  const report = Object.entries(REPORTS).map(([format, name]) => `${format}=${resolve(cwd, out, name)}`);
  const flags = { report, capture: resolve(cwd, out, CAPTURE) };
  const output = readOutput({ color }, { flags, env: {}, readFile: () => '' }, cwd, { keeps: 'as configured' });
  const problem = { option: '--out', value: out, source: 'flag --out', example: `--out ${FOLDER}` };
  return { ...output, said: { '--report': problem, '--capture': problem } };
}
