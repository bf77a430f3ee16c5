import { HopcheckError } from '../model/hopcheck-error.ts';

/** One wrong option. */
export interface ConfigProblem {
  /** `--rate` */
  readonly option: string;
  /** As given; absent where nothing was, or where it is a secret. */
  readonly value?: string;
  /** `flag --rate`, `environment HOPCHECK_RATE`, `file hopcheck.config.json, "rate"` */
  readonly source?: string;
  readonly expected: string;
  readonly example: string;
}

/** Wrong configuration: each problem in one line that names option, value, source, what is expected, and an example. */
export class ConfigError extends HopcheckError {
  override readonly name = 'ConfigError' as const;
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(describe).join('\n'));
    this.problems = problems;
  }
}

function describe({ option, value, source, expected, example }: ConfigProblem): string {
  const given = value === undefined ? '' : ` ${JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value)}`;
  const from = source === undefined ? '' : ` (from ${source})`;
  return `${option}${given}${from}: expected ${expected}, e.g. ${example}`;
}
