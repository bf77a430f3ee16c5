import { resolve } from 'node:path';
import { FORMATS, type FormatName, isFormat } from '../../reports/formats.ts';
import { renderTerminal } from '../../reports/terminal.ts';
import { checkWritable, isStream, writeFileAtomic } from '../capture/atomic-write.ts';
import { ConfigError } from '../config/config-error.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import type { RunReport } from '../model/report.ts';
import { identityOf } from './file-places.ts';
import { type Io, wantsColor } from './io.ts';
import { addToJobSummary } from './job-summary.ts';
import { mistypedTolerations } from './mistyped-tolerations.ts';
import { columnsOf, type OutputFlags, say, viewOf } from './output.ts';

/** A format and where it goes. */
export interface Delivery {
  readonly format: FormatName;
  /** Absolute; absent: standard output. */
  readonly path?: string;
}

/** Files of the same command that no report may replace: absolute path, and what it is there for. */
export type OtherFiles = Readonly<Record<string, string>>;

/**
 * Reads `--report format[=path]`. Nothing is written yet.
 * @throws ConfigError also where two of them go to one place, for the last would be all that is left.
 */
export function parseDeliveries(
  texts: readonly string[],
  cwd: string,
  otherFiles: OtherFiles = {},
): readonly Delivery[] {
  const taken = new Map(Object.entries(otherFiles).map(([path, what]) => [identityOf(path), what]));
  return texts.map((text): Delivery => {
    const [format = '', ...rest] = text.split('=');
    const path = rest.join('=');
    const near = didYouMean(format, Object.keys(FORMATS));
    const perhaps = near === undefined ? '' : `, perhaps ${near}`;
    const expected = `${Object.keys(FORMATS).join(', ')}, with or without =path${perhaps}`;
    if (!isFormat(format) || (rest.length > 0 && path === '')) throw notAsExpected(text, expected);
    if (IS_FOLDER.test(path) && path !== '') throw notAsExpected(text, 'a file, and this names a folder');
    const place = path === '' ? '' : resolve(cwd, path);
    const target = place === '' ? '' : identityOf(place);
    const holder = taken.get(target);
    // A device or pipe takes what comes, one after the other.
    if (holder !== undefined && !isStream(place)) {
      const example = `--report ${format}=report.${format}`;
      if (place !== '') throw notAsExpected(text, `a file of its own, for ${holder} goes there`, example);
      throw notAsExpected(text, 'one format on standard output, the others with =path', example);
    }
    taken.set(target, `--report ${text}`);
    return place === '' ? { format } : { format, path: place };
  });
}

/** `out/`, `out/.`, `..`: whatever is there, no file has such a name. */
const IS_FOLDER = /(?:^|\/)\.{0,2}$/;

/**
 * Makes the folders that the reports go to, and tries each path: one that cannot be written is better known before the
 * run.
 * @throws ConfigError
 */
export function makeFoldersOf(deliveries: readonly Delivery[]): void {
  for (const { format, path } of deliveries) {
    try {
      if (path !== undefined) checkWritable(path);
    } catch (error) {
      throw notAsExpected(`${format}=${path}`, `a path that can be written (${messageOf(error)})`);
    }
  }
}

function notAsExpected(value: string, expected: string, example = '--report json=report.json'): ConfigError {
  return new ConfigError([{ option: '--report', value, source: 'flag --report', expected, example }]);
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
      else if (format !== 'terminal') io.stdout.data(FORMATS[format](report));
    });
    const summary = io.env.GITHUB_STEP_SUMMARY;
    if (format === 'github' && summary)
      attempt('job summary', () => addToJobSummary(summary, FORMATS.markdown(report)));
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
