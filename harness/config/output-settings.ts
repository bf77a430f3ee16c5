import type { Sourced } from '../model/capture.ts';
import type { Source } from '../model/source.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { OUTPUT_OPTIONS } from './options.ts';
import { resolveOptions } from './resolve.ts';

/** What is written, and where: for the commands that end with a report. */
export interface OutputSettings {
  /** `format` or `format=path`, as given; absent: none is wanted. */
  readonly report?: Sourced<readonly string[]>;
  readonly capture?: Sourced<string>;
  /** Where the report for later `--baseline` goes. */
  readonly writeBaseline?: Sourced<string>;
  /** Where the HTML report will be published. */
  readonly reportUrl?: Sourced<string>;
  /** Absent: what is usual. */
  readonly view?: View;
}

type View = (typeof VIEWS)[number];

/** The least first: of two that are asked for in one place it is taken. */
const VIEWS = ['quiet', 'short', 'verbose'] as const;
const SOURCES: readonly Source[] = ['flag', 'environment', 'file'];

/** From flags, environment and file, as all options. @throws ConfigError */
export function resolveOutput(input: ConfigInput): OutputSettings {
  const { parsed, problems } = resolveOptions(input, OUTPUT_OPTIONS);
  if (problems.length > 0) throw new ConfigError(problems);
  const { report, capture, 'write-baseline': writeBaseline, 'report-url': reportUrl } = parsed;
  // They are one question: --verbose is the answer also where the file says quiet.
  const [view] = SOURCES.flatMap((source) =>
    VIEWS.filter((name) => parsed[name]?.value === true && parsed[name].source === source),
  );
  return {
    ...(report !== undefined && { report }),
    ...(capture !== undefined && { capture }),
    ...(writeBaseline !== undefined && { writeBaseline }),
    ...(reportUrl !== undefined && { reportUrl }),
    ...(view !== undefined && { view }),
  };
}
