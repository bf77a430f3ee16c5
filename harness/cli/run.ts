import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { createProgress } from '../../reports/progress.ts';
import { bookinfo } from '../../specs/bookinfo.ts';
import { makePlan } from '../../specs/plan.ts';
import { ConfigError } from '../config/config-error.ts';
import { keyOf, OPTION_NAMES, optionDefinition, variableOf } from '../config/options.ts';
import { resolveSettings } from '../config/resolve.ts';
import type { Settings } from '../config/settings.ts';
import { drive } from '../drive/drive.ts';
import { deliver, parseDeliveries } from './deliver.ts';
import { endingOf } from './ending.ts';
import { applyFailOn } from './fail-on.ts';
import type { Io } from './io.ts';

/** The options of every command that ends with a report. */
export interface OutputFlags {
  readonly report: readonly string[];
  readonly color: boolean;
  readonly failOn: 'error' | 'warning';
}

export function addOutputOptions(command: Command): Command {
  return command
    .option(
      '--report <format[=path]>',
      'terminal, json, junit or html; to a file, or to standard output (repeatable)',
      collect,
      [],
    )
    .addOption(
      new Option('--fail-on <severity>', 'what makes the run fail').choices(['error', 'warning']).default('error'),
    )
    .option('--no-color', 'no colours (also NO_COLOR)');
}

export function addRunCommand(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = program.command('run').description('probe an ingress, collect the traces from Jaeger, judge, report');
  for (const name of OPTION_NAMES) {
    const { value, doc, default: byDefault, repeatable } = optionDefinition(name);
    if (name === 'services') continue;
    const text = `${doc} [${variableOf(name)}]${byDefault === undefined || value === undefined ? '' : ` (default ${byDefault})`}`;
    const option = new Option(value === undefined ? `--${name}` : `--${name} ${value}`, text);
    if (repeatable) option.argParser(collect);
    command.addOption(option);
  }
  command.option('--config <path>', 'configuration file (default hopcheck.config.json, where there is one)');
  command.option('--capture <path>', 'keep everything the run saw in this file; hopcheck judge reads it');
  addOutputOptions(command);
  command.action(
    async (flags: Readonly<Record<string, unknown>> & OutputFlags & { capture?: string; config?: string }) => {
      const settings = readSettings(flags, io, flags.config);
      done(await runAndReport(settings, flags, io, flags.capture));
    },
  );
}

/** @throws ConfigError */
export function readSettings(flags: Readonly<Record<string, unknown>>, io: Io, configPath?: string): Settings {
  const path = resolve(io.cwd, configPath ?? 'hopcheck.config.json');
  const file =
    configPath !== undefined || existsSync(path)
      ? { path: configPath ?? 'hopcheck.config.json', text: readConfig(path) }
      : undefined;
  const known = new Set<string>(OPTION_NAMES.map(keyOf));
  const own = Object.fromEntries(Object.entries(flags).filter(([key]) => known.has(key)));
  const readFile = (name: string) => readFileSync(resolve(io.cwd, name), 'utf8');
  return resolveSettings({ flags: own, env: io.env, readFile, ...(file !== undefined && { file }) });
}

/** Drives, reports, and gives the exit code. */
export async function runAndReport(settings: Settings, flags: OutputFlags, io: Io, capture?: string): Promise<number> {
  const deliveries = parseDeliveries(flags.report, io.cwd);
  const progress = createProgress({
    tty: io.stderr.isTTY && io.env.TERM !== 'dumb',
    ...(io.stderr.columns !== undefined && { columns: io.stderr.columns }),
    write: (text) => io.stderr.write(text),
    now: () => performance.now(),
  });
  using ending = endingOf(io, 'ending the run; what was collected is judged and written', settings.totalTimeoutMs);
  const driven = await drive({
    settings,
    application: bookinfo,
    plan: makePlan(settings.probes),
    ...(capture !== undefined && { capturePath: resolve(io.cwd, capture) }),
    onProgress: (event) => progress.event(event),
    detail: true,
    signal: ending.signal,
  });
  progress.end();
  const report = applyFailOn(driven.report, flags.failOn);
  for (const problem of driven.problems) io.stderr.write(`${problem}\n`);
  const complete = deliver(report, deliveries, io, flags.color);
  if (ending.exitCode !== undefined) return ending.exitCode;
  // What was asked for and is not there must not look like success.
  return report.exitCode === 0 && (!complete || driven.problems.length > 0) ? 2 : report.exitCode;
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      {
        option: '--config',
        value: path,
        source: 'flag --config',
        expected: `a file that can be read (${why})`,
        example: '--config hopcheck.config.json',
      },
    ]);
  }
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
