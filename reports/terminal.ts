import type { Finding } from '../harness/model/finding.ts';
import { plural } from '../harness/model/numbers.ts';
import type { ReportedPolicy, ReportedPromise, RunReport } from '../harness/model/report.ts';
import { isNews } from './baseline-words.ts';
import { safeText } from './characters/safe-text.ts';
import { hopTable, isHopWrong } from './hop-table.ts';
import { asNoCommand } from './no-command.ts';
import { paint } from './paint.ts';
import { runSizeInWords, seenInWords, targetInWords, timesInWords } from './run-words.ts';
import { sensitivityLines } from './sensitivity.ts';
import { clusterLines } from './terminal-cluster.ts';
import { culpritLines, type Drawing, findingsLines, shortLine } from './terminal-findings.ts';
import { culpritOf } from './text/culprit.ts';
import { titleNow } from './text/titles.ts';
import { isOwnFinding, isWaivedPromise, policyInWords, STATUS_WORDS, verdictInWords } from './words.ts';
import { COLUMNS, wrap } from './wrap.ts';

const MARKS = { pass: '✓', fail: '✗', inconclusive: '?', skipped: '–', 'not-supported': '–' } as const;
/** Versions in order of the probes; more would fill the screen. */
const SEQUENCE_SHOWN = 20;

/** Lines of a service's output. */
const OUTPUT_SHOWN = 8;

/**
 * - `verbose`: also print what was observed for promises that hold. - `short`: one line per finding or failing promise.
 * - `quiet`: the verdict.
 */
export type View = 'normal' | 'verbose' | 'short' | 'quiet';

export interface TerminalOptions {
  readonly color: boolean;
  /** Default `normal`. */
  readonly view?: View;
  /** Default 80. */
  readonly columns?: number;
}

/** Lines that a terminal shows at once. A report that is longer ends with the verdict too, beside the next prompt. */
const SCREEN = 24;

/**
 * For people. The verdict with its reason first, then what to do about it and how it is known. Then each promise that does
 * not hold, the hops, and those that hold in one line.
 */
export function renderTerminal(
  report: RunReport,
  { color, view = 'normal', columns = COLUMNS }: TerminalOptions,
): string {
  const drawing: Drawing = { ink: paint(color), columns, verbose: view === 'verbose' };
  const verdict = verdictLines(report, drawing);
  const rest = view === 'quiet' ? [] : view === 'short' ? shortLines(report, drawing) : fullReport(report, drawing);
  const lines = [...verdict, ...rest];
  return asNoCommand([...lines, ...(lines.length > SCREEN ? verdict : []), ''].join('\n'));
}

/** Findings that are new or worse stand first, one line per finding; their promises have the rest. */
function newsLines({ promises }: RunReport, drawing: Drawing): string[] {
  const news = promises.flatMap(({ findings }) =>
    findings.filter((finding) => isOwnFinding(finding) && isNews(finding)),
  );
  return news.flatMap((finding) => shortLine(finding, drawing));
}

function shortLines(report: RunReport, drawing: Drawing): string[] {
  const { promises, policy } = report;
  const lines = promises.flatMap((promise) => {
    const counting = promise.findings.filter(isOwnFinding);
    if (counting.length > 0) return counting.flatMap((finding) => (isNews(finding) ? [] : shortLine(finding, drawing)));
    if (promise.status === 'pass') return [];
    const by = [...new Set(promise.findings.flatMap(({ explainedBy }) => explainedBy?.code ?? []))];
    const why = promise.reason ?? (by.length > 0 ? `follows from ${by.join(', ')}` : promise.observed);
    return wrap(
      `${promise.id}: ${STATUS_WORDS[promise.status]} · ${safeText(why)}`,
      drawing.columns,
      `${MARKS[promise.status]} `,
    );
  });
  return [...newsLines(report, drawing), ...lines, ...policyLines(policy, drawing)];
}

function fullReport(report: RunReport, drawing: Drawing): string[] {
  const { hops, policy } = report;
  const news = newsLines(report, drawing);
  const culprit = culpritOf(report);
  return [
    ...(news.length === 0 ? [] : ['', ...news]),
    ...(culprit === undefined ? [] : ['', ...culpritLines(report, culprit, drawing)]),
    '',
    ...promiseLines(report, culprit, drawing),
    ...(drawing.verbose || hops.some(isHopWrong)
      ? ['', ...hopTable(hops, { ...drawing, called: report.called, counts: countsOfHops(report) })]
      : []),
    ...(drawing.verbose && report.reach !== undefined
      ? ['', 'what such a run can find:', ...sensitivityLines(report.reach, drawing.columns)]
      : []),
    '',
    ...policyLines(policy, drawing),
    ...clusterLines(report.run.cluster, drawing),
    ...footer(report, drawing),
  ];
}

function countsOfHops(report: RunReport): string {
  return report.run.contract === undefined ? seenInWords(report) : '';
}

/** Where something is wrong, promises of which there is nothing to say stand in one line each kind, below the others. */
function promiseLines(report: RunReport, culprit: Finding | undefined, drawing: Drawing): string[] {
  const { verdict, promises, run } = report;
  const { ink, columns, verbose } = drawing;
  const width = Math.max(...promises.map(({ id }) => id.length));
  const blocks = promises.map((promise) => {
    const { id, status } = promise;
    const lines = promiseBlock(report, promise, culprit, width, drawing);
    const plain = wrap(titleNow(promise), columns, `${MARKS[status]} ${id.padEnd(width)}  `).length;
    const holds = status === 'pass' && !isWaivedPromise(promise) && lines.length === plain;
    // Nothing was sent: the environment says why, and the others need not repeat it.
    const unjudged = status === 'inconclusive' && run.probes === 0 && id !== 'environment';
    const folded = verdict === 'pass' || verbose ? undefined : holds ? 'hold' : unjudged ? 'not judged' : undefined;
    return { id, lines, folded };
  });
  const fold = (kind: 'hold' | 'not judged', mark: string) => {
    const ids = blocks.flatMap(({ id, folded }) => (folded === kind ? [id] : []));
    const verb = kind === 'hold' && ids.length === 1 ? 'holds' : kind;
    const [first = '', ...more] = wrap(`${plural(ids.length, 'promise')} ${verb}: ${ids.join(', ')}`, columns, '  ');
    return ids.length === 0 ? [] : [`${mark}${first.slice(1)}`, ...more];
  };
  return [
    ...blocks.flatMap(({ lines, folded }) => (folded === undefined ? lines : [])),
    ...fold('not judged', ink.unsure('?')),
    ...fold('hold', ink.good('✓')),
  ];
}

function promiseBlock(
  report: RunReport,
  promise: ReportedPromise,
  culprit: Finding | undefined,
  width: number,
  drawing: Drawing,
): string[] {
  const { ink, columns, verbose } = drawing;
  const { id, status, observed, reason, findings } = promise;
  const waived = isWaivedPromise(promise);
  const mark = waived ? '~' : MARKS[status];
  const word = waived ? 'WAIVED · ' : status === 'pass' ? '' : `${STATUS_WORDS[status]} · `;
  const inked = status === 'pass' && !waived ? ink.good : status === 'fail' ? ink.bad : ink.unsure;
  const [first = '', ...rest] = wrap(`${word}${titleNow(promise)}`, columns, `${mark} ${id.padEnd(width)}  `);
  const row = (name: string, text: string) => wrap(text, columns, `    ${name.padEnd(width - 1)} `);
  const silent = !verbose && report.run.probes === 0 && id !== 'environment';
  // Of one service, what it does is worth a line also where all is well.
  const isContract = report.run.contract !== undefined && id === 'propagation';
  const told = verbose || isContract || (!silent && (status === 'fail' || status === 'inconclusive'));
  return [
    first.replace(mark, inked(mark)).replace(STATUS_WORDS[status], (text) => (word === '' ? text : inked(text))),
    ...rest,
    ...(reason === undefined || silent ? [] : row('reason', safeText(reason))),
    ...(told ? row('observed', safeText(observed)) : []),
    ...(told && id === 'load-balancing' ? sequence(report, row) : []),
    ...(id === 'environment' && status !== 'pass' ? ownOutput(report, row) : []),
    ...findingsLines(report, findings, drawing, culprit),
  ];
}

function sequence({ versions }: RunReport, row: (name: string, text: string) => string[]): string[] {
  if (versions === undefined || versions.sequence.length === 0) return [];
  const shown = versions.sequence.slice(0, SEQUENCE_SHOWN).map((version) => safeText(version, 12));
  const more = versions.sequence.length - shown.length;
  return row('in order', `${shown.join(' ')}${more > 0 ? ` … ${more} more` : ''}`);
}

/** The last output of the service, where it could not be tested. */
function ownOutput({ run }: RunReport, row: (name: string, text: string) => string[]): string[] {
  const lines = run.contract?.output?.filter((line) => line.trim() !== '').slice(-OUTPUT_SHOWN) ?? [];
  return lines.flatMap((line, index) => row(index === 0 ? 'output' : '', safeText(line)));
}

function policyLines(policy: ReportedPolicy | undefined, { columns, ink }: Drawing): string[] {
  if (policy === undefined) return [];
  return policyInWords(policy).flatMap(([name, text]) => wrap(text, columns, `${name.padEnd(10)} `).map(ink.faint));
}

function footer(report: RunReport, { ink, columns }: Drawing): string[] {
  const { run } = report;
  const times = [...runSizeInWords(run), ...timesInWords(report)];
  const target = `run ${safeText(run.id)} · ${safeText(targetInWords(run), 1000)}`;
  return [target, times.join(' · ')].flatMap((text) => wrap(text, columns)).map(ink.faint);
}

function verdictLines(report: RunReport, { ink, columns }: Drawing): string[] {
  const { verdict, exitCode, sentence } = report;
  const word = verdictInWords(report);
  const inked = verdict === 'pass' ? ink.good(word) : verdict === 'fail' ? ink.bad(word) : ink.unsure(word);
  const [first = '', ...rest] = wrap(`${word} (exit ${exitCode}) ${safeText(sentence)}`, columns);
  return [first.replace(word, ink.strong(inked)), ...rest];
}
