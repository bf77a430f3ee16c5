import type { RunReport } from '../harness/model/report.ts';
import { renderCtrf } from './ctrf.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html/html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPrometheus } from './prometheus.ts';
import { renderTerminal } from './terminal.ts';

/** Every format, by the name `--report` takes; colours are for a terminal that wants them, and never for a file. */
export const FORMATS = {
  terminal: (report: RunReport) => renderTerminal(report, { color: false }),
  json: renderJson,
  junit: renderJunit,
  html: renderHtml,
  ctrf: renderCtrf,
  markdown: renderMarkdown,
  github: renderGithub,
  prometheus: renderPrometheus,
} as const;

export type FormatName = keyof typeof FORMATS;

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}
