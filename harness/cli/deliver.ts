import { appendFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FORMATS, type FormatName, isFormat } from '../../reports/formats.ts';
import { renderTerminal } from '../../reports/terminal.ts';
import { checkWritable, writeFileAtomic } from '../capture/atomic-write.ts';
import { ConfigError } from '../config/config-error.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import type { RunReport } from '../model/report.ts';
import { reportAsCalled } from './called-as.ts';
import { type Io, wantsColor } from './io.ts';
import { datedTolerations, mistypedTolerations } from './mistyped-tolerations.ts';
import { columnsOf, type OutputFlags, say, viewOf } from './output.ts';

/** A format and where it goes. */
export interface Delivery {
  readonly format: FormatName;
  /** Absolute; absent: standard output. */
  readonly path?: string;
  /** By `--out`, with all the others. */
  readonly isInFolder?: true;
}

/**
 * Reads `--report format[=path]`. Nothing is written yet. {@link checkPlaces} refuses two reports for one file.
 * @throws ConfigError also where two of them go to standard output, because no program could read either.
 */
export function parseDeliveries(texts: readonly string[], cwd: string): readonly Delivery[] {
  let isTaken = false;
  return texts.map((text): Delivery => {
    const [format = '', ...rest] = text.split('=');
    const path = rest.join('=');
    const near = didYouMean(format, Object.keys(FORMATS));
    const perhaps = near === undefined ? '' : `, perhaps ${near}`;
    const expected = `${Object.keys(FORMATS).join(', ')}, with or without =path${perhaps}`;
    if (!isFormat(format)) throw notAsExpected(text, expected);
    const example = `--report ${format}=report.${format}`;
    if (rest.length > 0 && path === '')
      throw notAsExpected(text, 'a path after the =, or no = for standard output', example);
    if (path !== '') {
      if (IS_FOLDER.test(path)) throw notAsExpected(text, 'a file, and this names a folder');
      return { format, path: resolve(cwd, path) };
    }
    if (isTaken) throw notAsExpected(text, 'one format on standard output, the others with =path', example);
    isTaken = true;
    return { format };
  });
}

/** Formats with commands that a person may paste. Those for programs are the same, however hopcheck was called. */
const FOR_PEOPLE: ReadonlySet<FormatName> = new Set(['terminal', 'markdown', 'html', 'github']);

/** True: one of these needs the traces of the run (`judge(capture, { detail: true })`). */
export function hasPictures(deliveries: readonly Delivery[]): boolean {
  return deliveries.some(({ format }) => format === 'html');
}

/** `out/`, `out/.`, `..`: whatever is there, no file has such a name. */
const IS_FOLDER = /(?:^|\/)\.{0,2}$/;

/**
 * Makes the folders that the reports go to, and tries each path: one that cannot be written is better known before the
 * run.
 * @throws ConfigError
 */
export function checkDeliveries(deliveries: readonly Delivery[]): void {
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
 * for there. True when all could be written; a report that could not is named, and the others are still written.
 */
export function deliver(
  made: RunReport,
  deliveries: readonly Delivery[],
  io: Io,
  flags: Pick<OutputFlags, 'color' | 'verbose' | 'short' | 'quiet' | 'reportUrl'>,
): boolean {
  const given = flags.reportUrl === undefined ? made : { ...made, page: flags.reportUrl };
  const report = reportAsCalled(given, io.called);
  const textOf = (format: FormatName): string => {
    if (!FOR_PEOPLE.has(format)) return FORMATS[format](given);
    const text = FORMATS[format](report);
    // Its prose names commands too, as what is printed does.
    return format === 'terminal' ? (io.stdout.asCalled?.(text) ?? text) : text;
  };
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
  for (const { format, path, isInFolder = false } of deliveries) {
    attempt(`${format} report`, () => {
      if (path !== undefined) writeFileAtomic(path, textOf(format));
      else if (format !== 'terminal') io.stdout.data(textOf(format));
    });
    const summary = io.env.GITHUB_STEP_SUMMARY;
    // In the folder of --out it is a file as the others; only --report github adds to the summary.
    if (format === 'github' && summary && !isInFolder)
      attempt('job summary', () => addToJobSummary(summary, FORMATS.markdown(report)));
  }
  for (const line of [...mistypedTolerations(report), ...datedTolerations(report)]) say(io.stderr, line);
  const forPeople = taken === undefined || taken.format === 'terminal' ? io.stdout : io.stderr;
  const color = wantsColor(forPeople, io.env, flags.color);
  forPeople.write(renderTerminal(report, { color, view: viewOf(flags), columns: columnsOf(forPeople) }));
  return complete;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Bytes that a step's summary may have; of a larger one nothing is shown (actions/runner, CreateStepSummaryCommand). */
const LARGEST = 1024 * 1024;

/**
 * Adds to the summary of a step, one file for all that the step says. A heading is one only after an empty line, whatever
 * stands there already.
 * @throws the file system's error, and where it would lose everything that the step has written so far.
 */
export function addToJobSummary(path: string, markdown: string): void {
  const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const text = before === 0 ? markdown : `\n\n${markdown}`;
  if (before + Buffer.byteLength(text) > LARGEST)
    throw new Error(`${path} has ${before} bytes already, and GitHub shows nothing of a summary over 1 MiB`);
  appendFileSync(path, text);
}
