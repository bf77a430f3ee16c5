import type { RunOutput } from '../cli/run-output.ts';
import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { keyOf, namesOf, OPTION_NAMES } from '../config/options.ts';
import { HopcheckError } from '../model/hopcheck-error.ts';

/** The run was driven, and specs must not go on as if all were well. */
export class SpecRunError extends HopcheckError {
  override readonly name = 'SpecRunError' as const;
  constructor(message: string, exitCode: number) {
    super(message, { exitCode });
  }
}

/**
 * The options of the setup, as the command line would give them.
 * @throws ConfigError for a key that is not an option
 */
export function flagsOf(options: object): Readonly<Record<string, unknown>> {
  const known = new Set(['config', ...OPTION_NAMES.flatMap(namesOf).map(keyOf)]);
  const problems = Object.keys(options).flatMap((key): ConfigProblem[] => {
    if (known.has(key)) return [];
    const near = didYouMean(key, [...known]);
    const perhaps = near === undefined ? '' : `, perhaps ${near}`;
    return [
      {
        option: key,
        source: 'setupWith()',
        expected: `a key of the configuration file${perhaps}`,
        example: "setupWith({ skip: ['statistics'] })",
      },
    ];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...options };
}

/**
 * A report that a program reads needs a file, because Vitest writes to standard output.
 * @throws ConfigError naming the report
 */
export function checkOutputOfSpecs({ deliveries }: Pick<RunOutput, 'deliveries'>): void {
  const lost = deliveries.filter(({ format, path }) => path === undefined && !PRINTED.has(format));
  if (lost.length === 0) return;
  throw new ConfigError(
    lost.map(({ format }) => ({
      option: '--report',
      value: format,
      expected: 'a path in specs, because standard output belongs to Vitest',
      example: `--report ${format}=report.${format}`,
    })),
  );
}

/** On standard error: for people, and commands of GitHub's, which are read there, too. */
const PRINTED: ReadonlySet<string> = new Set(['terminal', 'github']);
