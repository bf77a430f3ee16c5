import type { RunReport } from '../harness/model/report.ts';
import { jsonText } from './no-command.ts';
import { docsOf } from './words.ts';

/** For scripts: the report itself (docs/report.schema.json), each finding with its page in docs. Details stay in the capture. */
export function renderJson({ detail: _, ...report }: RunReport): string {
  const promises = report.promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) => ({ ...finding, docs: docsOf(finding) })),
  }));
  return jsonText({ ...report, promises });
}
