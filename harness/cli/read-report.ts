import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../config/config-error.ts';
import { REPORT_SCHEMA, type RunReport, reportSchema } from '../model/report.ts';

const EXAMPLE = 'hopcheck compare before.json after.json';

/** A report that `--report json` wrote, of this or an older version. @throws ConfigError */
export function readReport(given: string, cwd: string): RunReport {
  const refuse = (expected: string): never => {
    throw new ConfigError([{ option: 'report', value: given, source: 'the command line', expected, example: EXAMPLE }]);
  };
  let text: string;
  try {
    text = readFileSync(resolve(cwd, given), 'utf8');
  } catch (error) {
    return refuse(`a file that can be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const value = parsed(text);
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== REPORT_SCHEMA) {
    const isCapture = /^\{"head":|^\{"schema":"hopcheck\/(?:contract-)?capture@/.test(text.slice(0, 100));
    const hint = isCapture
      ? `; this is a capture: hopcheck judge ${given} --report json=report.json makes a report of it`
      : '';
    return refuse(`a report that --report json wrote (${REPORT_SCHEMA})${hint}`);
  }
  const { success, data, error } = reportSchema.safeParse(value);
  if (success) return data;
  const [first] = error.issues;
  return refuse(`a whole report: ${first?.path.join('.') || 'the file'}: ${first?.message ?? 'does not fit'}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
