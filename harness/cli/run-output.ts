import { resolve } from 'node:path';
import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import { type OutputSettings, resolveOutput } from '../config/output-settings.ts';
import type { ConfigInput } from '../config/resolve.ts';
import { type Delivery, type OtherFiles, parseDeliveries } from './deliver.ts';
import type { OutputFlags } from './output.ts';

/** What a command leaves behind, and where. */
export interface RunOutput {
  /** As if all of it had been given by flags. */
  readonly flags: OutputFlags;
  readonly deliveries: readonly Delivery[];
  /** As given. */
  readonly capture?: string;
  /** The same, absolute; absent: no capture is kept. */
  readonly capturePath?: string;
  /** Which option gave a place, and where it was said: for what turns out to be wrong with it later. */
  readonly said: Said;
}

/** By option, e.g. `--report`, what of a problem with it is told otherwise; what is absent was said by the flag of that name. */
export type Said = Readonly<Record<string, Partial<ConfigProblem>>>;

/**
 * @param own files of the command that no report may replace.
 * @param keeps the command writes a capture where `--capture` says.
 * @throws ConfigError
 */
export function readOutput(
  { color }: Pick<OutputFlags, 'color'>,
  input: ConfigInput,
  cwd: string,
  { own = {}, keeps = false }: { readonly own?: OtherFiles; readonly keeps?: boolean } = {},
): RunOutput {
  const { report, capture, view } = resolveOutput(input);
  const texts = report?.value ?? [];
  const said = saidOf({ ...(report !== undefined && { report }), ...(capture !== undefined && { capture }) });
  const capturePath = keeps && capture !== undefined ? resolve(cwd, capture.value) : undefined;
  const taken = capturePath === undefined ? own : { ...own, [capturePath]: '--capture' };
  return {
    flags: { color, report: texts, ...viewFlags(view) },
    deliveries: asSaid(said, () => parseDeliveries(texts, cwd, taken)),
    ...(capturePath !== undefined && capture !== undefined && { capture: capture.value, capturePath }),
    said,
  };
}

/** What is wrong with a place is told with the option and source that gave it. @throws ConfigError */
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
