import { wrap, wrapCommand } from '../../../reports/wrap.ts';
import { ConfigError } from '../../config/config-error.ts';
import { compileApplication } from '../../definition/compile.ts';
import { findDefinition } from '../../definition/find-application.ts';
import { FAULTS } from '../../lab/fault-catalogue.ts';
import { refuseIdleFaults } from '../../lab/fault-hops.ts';
import { forShell, parseFault } from '../../lab/faults.ts';
import type { Driver, Engine, JaegerVersion, Lab, LabApplication, LabOptions, LoadBalancing } from '../../lab/lab.ts';
import { labOptions } from '../../lab/options.ts';
import { answersTrouble, faultNames, playApplication } from '../../lab/played/play.ts';
import type { Application } from '../../model/application.ts';
import { ZIPKIN } from '../../model/lab.ts';
import type { CommandContext } from '../context.ts';
import { endingOf } from '../ending.ts';
import { shellWord } from '../output.ts';
import { startLab } from './start-lab.ts';

/** The options that describe a lab; the same for `lab` and `demo`. */
export interface LabFlags {
  readonly engine: Engine;
  readonly fault: readonly string[];
  readonly application?: string;
  readonly driver: Driver;
  readonly jaegerVersion?: JaegerVersion;
  readonly basePath?: string;
  readonly gatewayProfile: '1' | '2';
  readonly lb?: LoadBalancing;
  readonly workers?: string;
  readonly sampling: string;
  readonly ownTracer?: boolean;
  readonly foreignRate: string;
  readonly seed?: string;
  readonly port?: string;
}

/** Of most of them. */
const FAULT_WIDTH = 30;

/** @throws ConfigError for an invalid fault or number; EndedError when a signal comes first, with nothing left up. */
export async function upLab(flags: LabFlags, context: CommandContext): Promise<Lab> {
  const { played, application } = await playedBy(flags, context);
  const options = toOptions(flags, played);
  refuseIdleFaults(options.faults, application);
  using ending = endingOf(context, 'taking down what is up of the lab');
  try {
    return await startLab(options, (line) => context.io.stderr.write(`${line}\n`), ending.signal);
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!isTaken || flags.port === undefined) throw error;
    const expected = `a port that is free, as the next one: ${error.message}`;
    throw new ConfigError([{ option: '--port', value: flags.port, source: 'flag --port', expected, example: PORT }]);
  }
}

const PORT = '--port 18080';

/** A lab that is up, for scripts. */
export function labJson({ options, ingressUrl, jaegerUrl }: Lab): string {
  const { application, engine, faults } = options;
  return `${JSON.stringify({
    schema: 'hopcheck/lab@1',
    ingress: ingressUrl,
    traces: jaegerUrl,
    page: new URL(application.path, ingressUrl).href,
    engine,
    faults: faults.map(({ text }) => text),
  })}\n`;
}

/** @param definedIn the file of the application that is played; absent: Bookinfo. */
export function describeLab(
  { options, ingressUrl, jaegerUrl }: Lab,
  called: string,
  columns = 80,
  definedIn?: string,
): string {
  const faults = options.faults.length === 0 ? 'no faults' : options.faults.map(({ text }) => text).join(', ');
  const { application, engine, driver, jaeger } = options;
  const backend = jaeger === ZIPKIN ? 'Zipkin' : jaeger === 'tempo' ? 'Tempo' : `Jaeger ${jaeger}`;
  const own = definedIn === undefined ? '' : ` --application ${shellWord(definedIn)}`;
  const command = `${called} run --ingress ${ingressUrl} --traces ${jaegerUrl}${own}`;
  return [
    ...wrap(`${application.name} on ${engine}, ${driver}, ${backend}, ${faults}`, columns, 'lab up: '),
    `  ingress  ${ingressUrl}${application.path}`,
    `  ${jaeger === ZIPKIN ? 'zipkin' : 'jaeger'}   ${jaegerUrl}`,
    ...wrapCommand(command, columns, '  check it: '),
    '  Ctrl-C takes it down',
    '',
  ].join('\n');
}

function toOptions(flags: LabFlags, application: LabApplication): LabOptions {
  const services = faultNames(application);
  const number = (option: string, text: string, least: number, most: number, example = `${option} ${least}`) => {
    const value = Number(text);
    if (text !== '' && value >= least && value <= most) return value;
    const expected = `a number from ${least} to ${most}`;
    throw new ConfigError([{ option, value: text, source: `flag ${option}`, expected, example }]);
  };
  return labOptions({
    engine: flags.engine,
    application,
    faults: flags.fault.map((text) => parseFault(text, services)),
    driver: flags.driver,
    ...(flags.jaegerVersion !== undefined && { jaeger: flags.jaegerVersion }),
    ...(flags.basePath !== undefined && { basePath: basePathOf(flags.basePath) }),
    gatewayProfile: flags.gatewayProfile === '1' ? 1 : 2,
    ...(flags.lb !== undefined && { lb: flags.lb }),
    ...(flags.workers !== undefined && { workers: number('--workers', flags.workers, 1, 64) }),
    ...(flags.port !== undefined && { port: portOf(flags, number) }),
    sampling: number('--sampling', flags.sampling, 0, 100),
    ...(flags.ownTracer === true && { ownTracer: true }),
    foreignRate: number('--foreign-rate', flags.foreignRate, 0, 1000),
    seed: flags.seed === undefined ? Date.now() % 2 ** 31 : number('--seed', flags.seed, 0, 2 ** 31),
  });
}

/** The ingress and the next port, which is the backend's. */
function portOf(
  { port = '', engine }: LabFlags,
  number: (option: string, text: string, least: number, most: number, example?: string) => number,
): number {
  if (engine !== 'standin')
    throw new ConfigError([
      { option: '--port', value: port, source: 'flag --port', expected: 'engine standin beside it', example: PORT },
    ]);
  return number('--port', port, 1, 65_534, PORT);
}

interface Played {
  readonly played: LabApplication;
  readonly application: Application;
}

/** The application that the flag names, else Bookinfo. @throws ConfigError for one that the lab cannot play */
async function playedBy({ application, engine }: LabFlags, context: CommandContext): Promise<Played> {
  const { io } = context;
  const usual = { played: labOptions().application, application: context.application.definition };
  if (application === undefined) return usual;
  const given = { option: '--application', value: application, source: 'flag --application' };
  const example = '--engine standin --application shop.yaml';
  if (engine === 'istio')
    throw new ConfigError([{ ...given, expected: 'engine standin or envoy, which play a definition', example }]);
  const found = await findDefinition({ flags: { application }, env: io.env }, io.cwd);
  if (found === undefined) return usual;
  const trouble = answersTrouble(found.definition);
  if (trouble !== undefined) throw new ConfigError([{ ...given, expected: trouble, example: `example: 'a text'` }]);
  return {
    played: playApplication(found.definition),
    application: compileApplication(found.definition, { from: found.from, env: io.env }).definition,
  };
}

/** `/jaeger`, or nothing. @throws ConfigError for what would be another path in a URL. */
function basePathOf(text: string): string {
  const path = text.replace(/^\/+|\/+$/g, '');
  if (/^[\w.~/-]*$/.test(path)) return path === '' ? '' : `/${path}`;
  const expected = 'a path of letters, digits and -._~/';
  const option = '--base-path';
  throw new ConfigError([{ option, value: text, source: `flag ${option}`, expected, example: `${option} /jaeger` }]);
}

/** The descriptions start in one column, below the fault where there is no room beside it. */
export function listFaults(columns: number): string {
  const faults = Object.values(FAULTS).map(({ example, does }) => ({ shown: forShell(example), does }));
  const lines = faults.flatMap(({ shown, does }) => {
    if (shown.length <= FAULT_WIDTH) return wrap(does, columns, `  ${shown.padEnd(FAULT_WIDTH)}  `);
    return [`  ${shown}`, ...wrap(does, columns, ' '.repeat(FAULT_WIDTH + 4))];
  });
  return `${lines.join('\n')}\n`;
}
