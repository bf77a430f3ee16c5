import { appendFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FORMATS, type FormatName, isFormat } from '../../reports/formats.ts';
import { renderTerminal } from '../../reports/terminal.ts';
import { writeFileAtomic } from '../capture/atomic-write.ts';
import { makeFolder } from '../capture/make-folder.ts';
import { ConfigError } from '../config/config-error.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import type { RunReport } from '../model/report.ts';
import { type Io, wantsColor } from './io.ts';
import { mistypedTolerations } from './mistyped-tolerations.ts';
import { columnsOf, type OutputFlags, say, viewOf } from './output.ts';

/** A format and where it goes. */
export interface Delivery {
  readonly format: FormatName;
  /** Absolute; absent: standard output. */
  readonly path?: string;
}

/**
 * Reads `--report format[=path]`, and makes the folders now: a path that cannot be written is better known before the run.
 * @throws ConfigError
 */
export function parseDeliveries(texts: readonly string[], cwd: string): readonly Delivery[] {
  const deliveries = texts.map((text): Delivery => {
    const [format = '', ...rest] = text.split('=');
    const path = rest.join('=');
    const near = didYouMean(format, Object.keys(FORMATS));
    const perhaps = near === undefined ? '' : `, perhaps ${near}`;
    const expected = `${Object.keys(FORMATS).join(', ')}, with or without =path${perhaps}`;
    const problem = { option: '--report', value: text, source: 'flag --report', example: '--report json=report.json' };
    if (!isFormat(format) || (rest.length > 0 && path === '')) throw new ConfigError([{ ...problem, expected }]);
    if (path === '') return { format };
    const absolute = resolve(cwd, path);
    try {
      makeFolder(dirname(absolute));
    } catch (error) {
      throw new ConfigError([{ ...problem, expected: `a path that can be written (${messageOf(error)})` }]);
    }
    return { format, path: absolute };
  });
  const [, second] = deliveries.filter(({ path }) => path === undefined);
  if (second === undefined) return deliveries;
  throw new ConfigError([
    {
      option: '--report',
      value: second.format,
      source: 'flag --report',
      expected: 'one format on standard output, the others with =path',
      example: `--report ${second.format}=report.${second.format}`,
    },
  ]);
}

/**
 * Writes every report. People always get theirs: on standard output, or beside it where a format for machines is asked
 * for there. True when all could be written; what could not is told, and the others still are.
 */
export function deliver(
  report: RunReport,
  deliveries: readonly Delivery[],
  io: Io,
  flags: Pick<OutputFlags, 'color' | 'verbose' | 'short' | 'quiet'>,
): boolean {
  let complete = true;
  const attempt = (what: string, write: () => void) => {
    try {
      write();
    } catch (error) {
      complete = false;
      say(io.stderr, `the ${what} could not be written: ${messageOf(error)}`);
    }
  };
  const taken = deliveries.find(({ path }) => path === undefined);
  for (const { format, path } of deliveries) {
    attempt(`${format} report`, () => {
      if (path !== undefined) writeFileAtomic(path, FORMATS[format](report));
      else if (format !== 'terminal') io.stdout.write(FORMATS[format](report));
    });
    const summary = io.env.GITHUB_STEP_SUMMARY;
    // The step's summary is one file for all that the step says: it is added to.
    if (format === 'github' && summary) attempt('job summary', () => appendFileSync(summary, FORMATS.markdown(report)));
  }
  for (const line of mistypedTolerations(report)) say(io.stderr, line);
  const forPeople = taken === undefined || taken.format === 'terminal' ? io.stdout : io.stderr;
  const color = wantsColor(forPeople, io.env, flags.color);
  forPeople.write(renderTerminal(report, { color, view: viewOf(flags), columns: columnsOf(forPeople) }));
  return complete;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
