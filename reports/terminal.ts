import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { ReportedPromise, RunReport } from '../harness/model/report.ts';
import { type Paint, paint } from './paint.ts';
import { safeText } from './safe-text.ts';
import { docsOf, STATUS_WORDS, seconds, shareInWords, subjectInWords, verdictInWords } from './words.ts';

const MARKS = { pass: '✓', fail: '✗', inconclusive: '?', skipped: '–', 'not-supported': '–' } as const;
/** Versions in order of the probes; more would fill the screen. */
const SEQUENCE_SHOWN = 40;

/**
 * For people: one line a promise with what was observed, below it what is wrong and what to do, and last, where the eye
 * is when the prompt comes back, the verdict with its reason.
 */
export function renderTerminal(report: RunReport, { color }: { readonly color: boolean }): string {
  const ink = paint(color);
  const width = Math.max(...report.promises.map(({ id }) => id.length));
  const promises = report.promises.flatMap((promise) => [
    promiseLine(promise, width, ink),
    ...(promise.id === 'load-balancing' ? sequenceLine(report, ink) : []),
    ...findingLines(promise, ink),
  ]);
  return [...promises, '', ...footer(report, ink), ''].join('\n');
}

function promiseLine({ id, status, observed, reason }: ReportedPromise, width: number, ink: Paint): string {
  const mark = MARKS[status];
  const inked = status === 'pass' ? ink.good(mark) : status === 'fail' ? ink.bad(mark) : ink.unsure(mark);
  const word =
    status === 'pass' ? '' : `${status === 'fail' ? ink.bad(STATUS_WORDS.fail) : ink.unsure(STATUS_WORDS[status])} · `;
  const why = reason === undefined ? '' : ` · ${safeText(reason)}`;
  return `${inked} ${id.padEnd(width)}  ${word}${safeText(observed)}${why}`;
}

function sequenceLine({ versions }: RunReport, ink: Paint): string[] {
  if (versions === undefined || versions.sequence.length === 0) return [];
  const shown = versions.sequence.slice(0, SEQUENCE_SHOWN).map((version) => safeText(version, 12));
  const more = versions.sequence.length - shown.length;
  return [ink.faint(`    in order  ${shown.join(' ')}${more > 0 ? ` … ${more} more` : ''}`)];
}

function findingLines({ findings }: ReportedPromise, ink: Paint): string[] {
  return findings.flatMap((finding) =>
    finding.explainedBy !== undefined
      ? [explainedLine(finding, ink)]
      : finding.severity === 'info'
        ? [ink.faint(`    ${finding.code} info · ${subjectInWords(finding.subject)}: ${safeText(finding.received)}`)]
        : fullLines(finding, ink),
  );
}

function explainedLine({ code, subject, explainedBy }: Finding, ink: Paint): string {
  const by = explainedBy === undefined ? '' : `${explainedBy.code} ${subjectInWords(explainedBy.subject)}`;
  return ink.faint(`    ${code} ${subjectInWords(subject)}: ${CODES[code].title} — follows from ${by}`);
}

function fullLines(finding: Finding, ink: Paint): string[] {
  const { code, severity, causes, subject, expected, received, evidence, remedy } = finding;
  const word = severity === 'error' ? ink.bad(severity) : ink.unsure(severity);
  const row = (name: string, text: string) => `      ${name.padEnd(9)} ${text}`;
  const [link] = evidence.links;
  return [
    `    ${ink.strong(code)} ${word} · ${ink.strong(subjectInWords(subject))} · ${CODES[code].title} · ${shareInWords(finding)}`,
    row('expected', safeText(expected)),
    row('received', safeText(received)),
    ...(causes.length === 0 ? [] : [row('cause', causes.join(' or '))]),
    row('do', safeText(remedy)),
    ...(link === undefined ? [] : [row('trace', safeText(link))]),
    ...(evidence.curl === undefined ? [] : [row('again', safeText(evidence.curl, 2000))]),
    ink.faint(row('more', docsOf(finding))),
  ];
}

function footer(report: RunReport, ink: Paint): string[] {
  const { verdict, exitCode, sentence, run, timings } = report;
  const word = verdictInWords(report);
  const inked = verdict === 'pass' ? ink.good(word) : verdict === 'fail' ? ink.bad(word) : ink.unsure(word);
  const times = [
    `${run.probes} probes`,
    `${run.traces} traces`,
    `preflight ${seconds(timings.preflightMs)}`,
    `probing ${seconds(timings.probeMs)}`,
    `waiting for spans ${seconds(timings.settleMs)}`,
  ];
  const { ingress, traceBackend } = run.target;
  return [
    ink.faint(`run ${safeText(run.id)} · ${safeText(ingress)} · traces from ${safeText(traceBackend.url)}`),
    ink.faint(times.join(' · ')),
    `${ink.strong(inked)} (exit ${exitCode}) ${safeText(sentence)}`,
  ];
}
