import { type Command, Option } from 'commander';
import { wrap, wrapCommand } from '../../reports/wrap.ts';
import { ConfigError } from '../config/config-error.ts';
import { bookinfoApplication } from '../lab/bookinfo/bookinfo.ts';
import { FAULTS } from '../lab/fault-catalogue.ts';
import { forShell, parseFault } from '../lab/faults.ts';
import type { Driver, Engine, JaegerVersion, Lab, LabOptions, LoadBalancing } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { endingOf } from './ending.ts';
import type { Io } from './io.ts';
import { withChoices } from './options.ts';
import { columnsOf } from './output.ts';
import { startLab } from './start-lab.ts';

/** The options that describe a lab; the same for `lab` and `demo`. */
export interface LabFlags {
  readonly engine: Engine;
  readonly fault: readonly string[];
  readonly driver: Driver;
  readonly jaegerVersion: JaegerVersion;
  readonly basePath: string;
  readonly gatewayProfile: '1' | '2';
  readonly lb: LoadBalancing;
  readonly workers: string;
  readonly sampling: string;
  readonly foreignRate: string;
  readonly seed?: string;
}

/** Of most of them. */
const FAULT_WIDTH = 30;

export function addLabOptions(command: Command): Command {
  const choice = (flag: string, text: string, choices: readonly string[], byDefault: string) =>
    command.addOption(withChoices(new Option(flag, text), choices).default(byDefault));
  choice(
    '--engine <engine>',
    'stand-in in this process, or real Envoy and real Jaeger',
    ['standin', 'envoy'],
    'standin',
  );
  command.option(
    '--fault <fault>',
    'something to be wrong, e.g. drop-all:reviews (repeatable)',
    (value: string, before: readonly string[]) => [...before, value],
    [],
  );
  choice('--driver <driver>', "Envoy's tracer", ['zipkin', 'otel'], 'zipkin');
  choice('--jaeger-version <version>', 'query APIs of that version', ['1.76', '2.13'], '1.76');
  command.option('--base-path <path>', "Jaeger's base path, e.g. /jaeger", '');
  choice('--gateway-profile <spans>', 'gateway spans of a request', ['1', '2'], '2');
  choice('--lb <policy>', 'load balancing', ['round_robin', 'least_request', 'random'], 'round_robin');
  command.option('--workers <number>', 'worker threads of each proxy', '1');
  command.option('--sampling <percent>', 'percent of undecided requests that are traced', '100');
  command.option('--foreign-rate <number>', "somebody else's requests a second", '0');
  return command.option('--seed <number>', 'seeds every draw of the stand-in');
}

export function addLabCommand(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = addLabOptions(
    program.command('lab').description('keep a mesh up on this machine, and print its URLs'),
  );
  command.option('--list-faults', 'say what can be wrong, and end');
  command.action(async (flags: LabFlags & { listFaults?: true }) => {
    if (flags.listFaults) {
      io.stdout.write(listFaults(columnsOf(io.stdout)));
      done(0);
      return;
    }
    const lab = await upLab(flags, io);
    using ending = endingOf(io, 'taking the lab down');
    io.stdout.write(describeLab(lab, columnsOf(io.stdout)));
    await new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve(), { once: true }));
    await lab.stop();
    done(ending.exitCode ?? 0);
  });
}

/** @throws ConfigError for a fault or number that is none; EndedError when a signal comes first, with nothing left up. */
export async function upLab(flags: LabFlags, io: Io): Promise<Lab> {
  const options = toOptions(flags);
  using ending = endingOf(io, 'taking down what is up of the lab');
  return await startLab(options, (line) => io.stderr.write(`${line}\n`), ending.signal);
}

export function describeLab({ options, ingressUrl, jaegerUrl }: Lab, columns = 80): string {
  const faults = options.faults.length === 0 ? 'no faults' : options.faults.map(({ text }) => text).join(', ');
  const { application, engine, driver, jaeger } = options;
  const command = `npm run -s hopcheck -- run --ingress ${ingressUrl} --jaeger ${jaegerUrl}`;
  return [
    ...wrap(`${application.name} on ${engine}, ${driver}, Jaeger ${jaeger}, ${faults}`, columns, 'lab up: '),
    `  ingress  ${ingressUrl}${application.path}`,
    `  jaeger   ${jaegerUrl}`,
    ...wrapCommand(command, columns, '  check it: '),
    '  Ctrl-C takes it down',
    '',
  ].join('\n');
}

function toOptions(flags: LabFlags): LabOptions {
  const application = bookinfoApplication();
  const services = [...new Set(application.workloads.map(({ service }) => service))];
  const number = (option: string, text: string, least: number, most: number) => {
    const value = Number(text);
    if (text !== '' && value >= least && value <= most) return value;
    const expected = `a number from ${least} to ${most}`;
    throw new ConfigError([{ option, value: text, source: `flag ${option}`, expected, example: `${option} ${least}` }]);
  };
  return labOptions({
    engine: flags.engine,
    application,
    faults: flags.fault.map((text) => parseFault(text, services)),
    driver: flags.driver,
    jaeger: flags.jaegerVersion,
    basePath: basePathOf(flags.basePath),
    gatewayProfile: flags.gatewayProfile === '1' ? 1 : 2,
    lb: flags.lb,
    workers: number('--workers', flags.workers, 1, 64),
    sampling: number('--sampling', flags.sampling, 0, 100),
    foreignRate: number('--foreign-rate', flags.foreignRate, 0, 1000),
    seed: flags.seed === undefined ? Date.now() % 2 ** 31 : number('--seed', flags.seed, 0, 2 ** 31),
  });
}

/** `/jaeger`, or nothing. @throws ConfigError for what would be another path in a URL. */
function basePathOf(text: string): string {
  const path = text.replace(/^\/+|\/+$/g, '');
  if (/^[\w.~/-]*$/.test(path)) return path === '' ? '' : `/${path}`;
  const expected = 'a path of letters, digits and -._~/';
  const option = '--base-path';
  throw new ConfigError([{ option, value: text, source: `flag ${option}`, expected, example: `${option} /jaeger` }]);
}

/** What each does starts in one column, below the fault where that leaves no room beside it. */
function listFaults(columns: number): string {
  const faults = Object.values(FAULTS).map(({ example, does }) => ({ shown: forShell(example), does }));
  const lines = faults.flatMap(({ shown, does }) => {
    if (shown.length <= FAULT_WIDTH) return wrap(does, columns, `  ${shown.padEnd(FAULT_WIDTH)}  `);
    return [`  ${shown}`, ...wrap(does, columns, ' '.repeat(FAULT_WIDTH + 4))];
  });
  return `${lines.join('\n')}\n`;
}
