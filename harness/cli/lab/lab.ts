import { type Command, Option } from 'commander';
import { BALANCINGS, DRIVERS, ENGINES, REAL_JAEGERS, ZIPKIN } from '../../model/lab.ts';
import { calledAs } from '../called-as.ts';
import type { CommandRow } from '../context.ts';
import { endingOf } from '../ending.ts';
import { collect, OpenOption, withChoices } from '../options.ts';
import { columnsOf } from '../output.ts';
import type { LabFlags } from './up-lab.ts';

export function addLabOptions(command: Command): Command {
  const choice = (flag: string, text: string, choices: readonly string[], byDefault?: string) =>
    command.addOption(withChoices(new Option(flag, text), choices).default(byDefault));
  choice(
    '--engine <engine>',
    'stand-in in this process; real Envoy and Jaeger; or a real Istio (Linux, root)',
    ENGINES,
    'standin',
  );
  command.addOption(
    new OpenOption('--fault <fault>', 'a fault to inject, e.g. drop-all:reviews (repeatable)', faultNames)
      .argParser(collect)
      .default([], ''),
  );
  command.option('--application <path>', 'plays the definition in this file (not on istio); default Bookinfo');
  choice('--driver <driver>', "Envoy's tracer", DRIVERS, 'zipkin');
  choice('--jaeger-version <version>', 'Jaeger of that version, or Zipkin; default 1.76, of istio 2.13', [
    ...REAL_JAEGERS,
    ZIPKIN,
  ]);
  command.option('--base-path <path>', "Jaeger's base path; default none, of istio /jaeger");
  choice('--gateway-profile <spans>', 'gateway spans of a request', ['1', '2'], '2');
  choice('--lb <policy>', 'load balancing; default round_robin, of istio least_request', BALANCINGS);
  command.option('--workers <number>', 'worker threads of each proxy; default 1, of istio 2');
  command.option(
    '--sampling <percent>',
    'percent of requests that are traced where the client leaves that open',
    '100',
  );
  command.option('--own-tracer', 'applications trace by themselves, with an OpenTelemetry SDK (not on istio)');
  command.option('--foreign-rate <number>', 'requests of other clients, per second', '0');
  return command.option('--seed <number>', 'seed for every random choice of the stand-in');
}

/** Loaded when asked for, like all of the lab. */
async function faultNames(): Promise<readonly string[]> {
  const { FAULTS } = await import('../../lab/fault-catalogue.ts');
  return Object.keys(FAULTS);
}

export const labCommand: CommandRow = {
  name: 'lab',
  about: 'keep a mesh up on this machine, and print its URLs',
  examples: [
    'hopcheck lab --fault drop-all:reviews',
    'hopcheck lab --list-faults',
    "hopcheck lab --for 'hopcheck run --out hopcheck-out'",
  ],
  define(command, context, done) {
    const { io } = context;
    addLabOptions(command);
    command.option(
      '--port <number>',
      'port of the ingress; the trace backend gets the next one (standin only); default free ones',
    );
    command.option('--json', 'print the URLs as JSON, for scripts');
    command.option('--for <command>', 'run this shell command against it, take it down, and end with its exit code');
    command.option('--list-faults', 'list the faults, and end');
    command.action(async (flags: LabFlags & { listFaults?: true; json?: true; for?: string }) => {
      const { describeLab, labJson, listFaults, upLab } = await import('./up-lab.ts');
      if (flags.listFaults) {
        io.stdout.write(listFaults(columnsOf(io.stdout)));
        done(0);
        return;
      }
      const lab = await upLab(flags, context);
      using ending = endingOf(context, 'taking the lab down');
      // With --for, standard output is the command's.
      const urls = flags.for === undefined ? io.stdout : io.stderr;
      if (flags.json) urls.data(labJson(lab));
      else if (flags.for === undefined)
        urls.write(describeLab(lab, calledAs(io.env), columnsOf(urls), flags.application));
      if (flags.for !== undefined) {
        const { runFor } = await import('./for-command.ts');
        const exitCode = await runFor(flags.for, lab, io, ending.signal).finally(() => lab.stop());
        done(ending.exitCode ?? exitCode);
        return;
      }
      await new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve(), { once: true }));
      await lab.stop();
      done(ending.exitCode ?? 0);
    });
  },
};
