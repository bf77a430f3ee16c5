import { resolve } from 'node:path';
import type { Command } from 'commander';
import { resolveSettings } from '../config/resolve.ts';
import { EVERYTHING_COUNTS } from '../model/policy.ts';
import { makeFoldersOf } from './deliver.ts';
import type { Io } from './io.ts';
import { addLabOptions, type LabFlags, upLab } from './lab.ts';
import type { OutputFlags } from './output.ts';
import { endingOfRun, readOutput, runAndReport } from './run.ts';

const FOLDER = 'hopcheck-out';

/** What `npm start` does: a mesh on this machine, one run against it, its reports in a folder, and everything down again. */
export function addDemoCommand(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = program.command('demo').description('bring up the embedded lab, check it, write the reports');
  addLabOptions(command);
  command.option('--probes <number>', 'forced-on probes; the plan adds a few others', '60');
  command.option('--out <folder>', 'where reports and capture go', FOLDER);
  command.option('--no-color', 'no colours (also NO_COLOR)');
  command.action(async (flags: LabFlags & Pick<OutputFlags, 'color'> & { probes: string; out: string }) => {
    const startedAtMs = performance.now();
    const lab = await upLab(flags, io);
    try {
      const upMs = Math.round(performance.now() - startedAtMs);
      const faults = flags.fault.length === 0 ? 'healthy' : `with ${flags.fault.join(', ')}`;
      io.stderr.write(
        `lab up in ${upMs} ms (${lab.options.engine}, ${faults}): ${lab.ingressUrl}${lab.options.application.path}\n`,
      );
      // The lab is what is described here; what the environment says about another mesh does not apply to it.
      const flagsOfRun = { ingress: lab.ingressUrl, jaeger: lab.jaegerUrl, probes: flags.probes };
      const settings = resolveSettings({ flags: flagsOfRun, env: {}, readFile: () => '' });
      const path = (name: string) => resolve(io.cwd, flags.out, name);
      const report = [
        `json=${path('report.json')}`,
        `junit=${path('junit.xml')}`,
        `terminal=${path('report.txt')}`,
        `html=${path('report.html')}`,
      ];
      const output = readOutput({ ...flags, report, capture: path('run.capture') }, io.cwd);
      makeFoldersOf(output.deliveries);
      using ending = endingOfRun(io, settings.totalTimeoutMs);
      const exitCode = await runAndReport({ settings, waitedMs: 0 }, EVERYTHING_COUNTS, output, io, ending);
      io.stdout.write(
        `page: ${path('report.html')}
also in ${flags.out}: report.json, junit.xml, report.txt; to judge again: npm run -s hopcheck -- judge ${flags.out}/run.capture
`,
      );
      done(exitCode);
    } finally {
      await lab.stop();
    }
  });
}
