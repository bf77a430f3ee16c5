import { z } from 'zod';
import { findingSchema } from '../harness/model/finding.ts';
import { promiseSchema, type RunReport, reportSchema } from '../harness/model/report.ts';
import { jsonText } from './no-command.ts';
import { docsOf } from './words.ts';

const finding = findingSchema.extend({ docs: z.string().describe("The code's page.") }).meta({ id: 'finding' });
const promise = promiseSchema
  .extend({ findings: z.array(finding).describe(promiseSchema.shape.findings.description ?? '') })
  .meta({
    id: 'promise',
    if: { properties: { status: { enum: ['inconclusive', 'skipped', 'not-supported'] } } },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: { required: ['reason'] },
  });

/** What {@link renderJson} writes; docs/report.schema.json is made of it. */
export const jsonReportSchema = reportSchema.extend({
  promises: z
    .array(promise)
    .min(1)
    .describe(reportSchema.shape.promises.description ?? ''),
});

/** For scripts: the report itself (docs/report.schema.json). Details stay in the capture. */
export function renderJson(report: RunReport): string {
  return jsonText(jsonReport(report));
}

/** As it stands in JSON: each finding with its page in docs. */
export function jsonReport({ detail: _, page: _page, ...report }: RunReport): object {
  const promises = report.promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) => ({ ...finding, docs: docsOf(finding) })),
  }));
  return { ...report, promises };
}
