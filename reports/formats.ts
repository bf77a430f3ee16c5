import type { RunReport } from '../harness/model/report.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderTerminal } from './terminal.ts';

/** Every format, by the name `--report` takes; colours are for a terminal that wants them, and never for a file. */
export const FORMATS = {
  terminal: (report: RunReport) => renderTerminal(report, { color: false }),
  json: renderJson,
  junit: renderJunit,
  html: renderHtml,
} as const;

export type FormatName = keyof typeof FORMATS;

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}
