import type { RunReport } from '../harness/model/report.ts';
import { renderCtrf } from './ctrf.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html/html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderLine } from './line.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPrometheus } from './prometheus.ts';
import { renderTerminal } from './terminal.ts';

interface Format {
  readonly render: (report: RunReport) => string;
  /** Its name in the folder of `--out`. */
  readonly file: string;
  /** Of its golden files, and of files that hold one. */
  readonly ending: string;
  /** For the list in docs/running.md, in Markdown. */
  readonly about: string;
}

/** Every format, by the name `--report` takes; colours are for a terminal that wants them, and never for a file. */
export const FORMAT_ROWS = {
  terminal: {
    render: (report) => renderTerminal(report, { color: false }),
    file: 'report.txt',
    ending: 'txt',
    about: 'what a run prints, in 80 columns',
  },
  line: {
    render: renderLine,
    file: 'verdict.txt',
    ending: 'line.txt',
    about: "the verdict in one line, for a log's end and for /dev/termination-log",
  },
  json: {
    render: renderJson,
    file: 'report.json',
    ending: 'json',
    about: 'everything, for scripts and for `--baseline`: [schema](report.schema.json)',
  },
  junit: {
    render: renderJunit,
    file: 'junit.xml',
    ending: 'xml',
    about: 'JUnit XML, one test case per promise and per finding, for CI systems',
  },
  html: {
    render: renderHtml,
    file: 'report.html',
    ending: 'html',
    about: 'one page that opens anywhere, with maps and traces: [how to read it](report.md)',
  },
  ctrf: {
    render: renderCtrf,
    file: 'ctrf.json',
    ending: 'ctrf.json',
    about: 'Common Test Report Format, one test per promise',
  },
  markdown: {
    render: renderMarkdown,
    file: 'report.md',
    ending: 'md',
    about: 'for the summary of a job and for comments on a pull request',
  },
  github: {
    render: renderGithub,
    file: 'github.txt',
    ending: 'github.txt',
    about:
      'annotations of GitHub Actions: the verdict first, no more of a level than the ten that a step shows; adds to the job summary',
  },
  prometheus: {
    render: renderPrometheus,
    file: 'hopcheck.prom',
    ending: 'prom',
    about: "for node_exporter's textfile collector: [metrics, labels and alerts](prometheus.md)",
  },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMAT_ROWS;

/** Only what writes them. */
export const FORMATS = Object.fromEntries(
  Object.entries(FORMAT_ROWS).map(([name, { render }]) => [name, render]),
) as Readonly<Record<FormatName, Format['render']>>;

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

/** The list of formats in docs/running.md, in Markdown. */
export function formatTable(): string {
  const rows = Object.entries(FORMAT_ROWS).map(([name, { about }]) => `| \`${name}\` | ${about} |`);
  return ['| format | is |', '|---|---|', ...rows].join('\n');
}
