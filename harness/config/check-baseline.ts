import type { Application } from '../model/application.ts';
import type { Baseline } from '../model/policy.ts';
import { ConfigError } from './config-error.ts';
import { optionDefinition } from './options.ts';

/** A run as far as its baseline has to fit it. */
export interface ComparedRun {
  /** Calls of the application, `caller->callee`, that of the gateway first. */
  readonly hops: readonly string[];
  /** Promises that are judged. */
  readonly promises: readonly string[];
}

/** The calls of an application as a report lists them. */
export function hopNames({ gateway, entry, calls }: Application): readonly string[] {
  return [`${gateway}->${entry}`, ...calls.map(({ caller, callee }) => `${caller}->${callee}`)];
}

/**
 * A baseline of another application, or one that was not asked what this run is asked, would make everything new: refused.
 * An application may have got or lost calls, and a gateway may be named otherwise.
 * @throws ConfigError
 */
export function checkBaseline(baseline: Baseline | undefined, { hops, promises }: ComparedRun): void {
  if (baseline === undefined) return;
  const { from } = baseline;
  if (baseline.hops !== undefined && baseline.hops.length > 0) {
    const before = new Set(named(baseline.hops));
    const now = named(hops);
    if (!now.some((hop) => before.has(hop)))
      throw refused(
        from,
        `a report of the same application; this one is of ${listed(baseline.hops)}, and the run is of ${listed(hops)}`,
      );
  }
  const missing = promises.filter((id) => baseline.promises?.includes(id) === false);
  if (missing.length > 0)
    throw refused(
      from,
      `a report of the same promises; this one did not judge ${missing.join(', ')}, so everything of that would be new; write it again with the options of this run`,
    );
}

/** Without the gateway, whose name in spans may differ from run to run. */
function named([first = '', ...rest]: readonly string[]): readonly string[] {
  return [first.replace(/^.*->/, '->'), ...rest];
}

const SHOWN = 3;

function listed(hops: readonly string[]): string {
  return `${hops.slice(0, SHOWN).join(', ')}${hops.length > SHOWN ? ' …' : ''}`;
}

function refused(value: string, expected: string): ConfigError {
  return new ConfigError([
    { option: '--baseline', value, expected, example: `${optionDefinition('write-baseline').example} first` },
  ]);
}
