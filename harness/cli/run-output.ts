import { join, resolve } from 'node:path';
import { FORMAT_ROWS } from '../../reports/formats.ts';
import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { type OutputSettings, resolveOutput } from '../config/output-settings.ts';
import { type Delivery, parseDeliveries } from './deliver.ts';
import { checkPlaces, filesRead, type WrittenPlace } from './file-places.ts';
import type { OutputFlags } from './output.ts';

/** What a command leaves behind, and where. */
export interface RunOutput {
  /** As if all of it had been given by flags. */
  readonly flags: OutputFlags;
  readonly deliveries: readonly Delivery[];
  /** Where the report for later runs goes; absent: nowhere. */
  readonly newBaseline?: { readonly path: string; readonly value: string };
  /** As given. */
  readonly capture?: string;
  /** The same, absolute; absent: no capture is kept. */
  readonly capturePath?: string;
  /** The folder that all formats go to; absent: none was given. */
  readonly out?: string;
  /** Which option gave a place, and its source: for problems with it that show later. */
  readonly said: Said;
}

/** By option, e.g. `--report`: the fields of a problem that differ from those of a flag of that name. */
export type Said = Readonly<Record<string, Partial<ConfigProblem>>>;

/** Where a command keeps a capture: in the place of `--capture`, or of an option of the command. */
type Keeps = 'as configured' | { readonly option: string; readonly value: string };

interface Outputs {
  readonly own?: Readonly<Record<string, string>>;
  readonly keeps?: Keeps;
  /** A folder for every format, and for the capture where one is kept and no other place is given. */
  readonly out?: string;
}

const OUT = { option: '--out', source: 'flag --out', example: '--out hopcheck-out' } as const;
const CAPTURE_FILE = 'run.capture';

function reportsIn(folder: string): readonly string[] {
  return Object.entries(FORMAT_ROWS).map(([format, { file }]) => `${format}=${join(folder, file)}`);
}

/**
 * @param own files that the command reads beside those of the configuration: absolute path, and what each is.
 * @param keeps absent: no capture is written.
 * @throws ConfigError also where something written would replace what is read.
 */
export function readOutput(
  { color }: Pick<OutputFlags, 'color'>,
  input: ConfigInput,
  cwd: string,
  { own: filesOfCommand = {}, keeps, out }: Outputs = {},
): RunOutput {
  const { report, capture: given, writeBaseline, view, reportUrl } = resolveOutput(input);
  if (out === '') throw new ConfigError([{ ...OUT, value: out, expected: 'a folder' }]);
  const texts = [...(report?.value ?? []), ...(out === undefined ? [] : reportsIn(out))];
  const inOut = { value: join(out ?? '', CAPTURE_FILE), source: 'flag', from: '--out' } as const;
  const configured = given ?? (out === undefined ? undefined : inOut);
  const said = {
    ...saidOf({ ...(report && { report }), ...(configured && { capture: configured }) }),
    ...(writeBaseline && { '--write-baseline': { source: `${writeBaseline.source} ${writeBaseline.from}` } }),
  };
  const newBaseline = writeBaseline && { path: resolve(cwd, writeBaseline.value), value: writeBaseline.value };
  const kept =
    keeps === 'as configured' ? configured && { option: '--capture', value: configured.value } : (keeps ?? undefined);
  const capture = kept && { ...kept, path: resolve(cwd, kept.value) };
  const deliveries = asSaid(said, () => {
    const own = report?.value.length ?? 0;
    const parsed = parseDeliveries(texts, cwd).map((one, index) =>
      index < own ? one : { ...one, isInFolder: true as const },
    );
    checkPlaces(
      [...writtenPlaces(capture, parsed, texts), ...baselinePlaces(newBaseline)],
      [...Object.entries(filesOfCommand).map(([path, what]) => ({ path, what })), ...filesRead(input, cwd)],
    );
    return parsed;
  });
  return {
    flags: { color, report: texts, ...(reportUrl && { reportUrl: reportUrl.value }), ...viewFlags(view) },
    deliveries,
    ...(newBaseline !== undefined && { newBaseline }),
    ...(capture !== undefined && { capture: capture.value, capturePath: capture.path }),
    said,
    ...(out !== undefined && { out }),
  };
}

/** The format is right: to list the formats would lead astray. */
function writtenPlaces(
  capture: { readonly option: string; readonly value: string; readonly path: string } | undefined,
  deliveries: readonly Delivery[],
  texts: readonly string[],
): readonly WrittenPlace[] {
  const reports = deliveries.flatMap(({ format, path }, index) => {
    const value = texts[index] ?? format;
    const example = `--report ${format}=report.${format}`;
    return path === undefined ? [] : [{ option: '--report', value, path, what: `--report ${value}`, example, format }];
  });
  if (capture === undefined) return reports;
  return [{ ...capture, what: captureName(capture.option), example: `${capture.option} run.capture` }, ...reports];
}

function baselinePlaces(place: RunOutput['newBaseline']): readonly WrittenPlace[] {
  const [option, example] = ['--write-baseline', '--write-baseline before.json'];
  return place === undefined ? [] : [{ ...place, option, what: option, example, format: 'json' }];
}

function captureName(option: string): string {
  return option === '--capture' ? option : 'the capture';
}

/** Problems with a place name the option and source that gave it. @throws ConfigError */
export function asSaid<T>(said: Said, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw error instanceof ConfigError ? retold(error, said) : error;
  }
}

export function retold({ problems }: ConfigError, said: Said): ConfigError {
  return new ConfigError(problems.map((problem) => ({ ...problem, ...said[problem.option] })));
}

function saidOf(given: Pick<OutputSettings, 'report' | 'capture'>): Said {
  return Object.fromEntries(
    Object.entries(given).map(([name, { source, from }]) => {
      return [`--${name}`, { source: `${source} ${from}` }];
    }),
  );
}

function viewFlags(view: OutputSettings['view']): Pick<OutputFlags, 'quiet' | 'short' | 'verbose'> {
  return {
    ...(view === 'quiet' && { quiet: true }),
    ...(view === 'short' && { short: true }),
    ...(view === 'verbose' && { verbose: true }),
  };
}
