import { z } from 'zod';
import { CODES, type FindingCode } from '../model/codes.ts';
import { countedShare } from '../model/counted-share.ts';
import { CAUSES, SEVERITIES, subjectSchema } from '../model/finding.ts';
import type { Baseline, BaselineFinding } from '../model/policy.ts';
import { ALL_PROMISES, type PromiseId } from '../model/promises.ts';
import { REPORT_SCHEMA } from '../model/report.ts';

const tally = z.object({ affected: z.int().nonnegative(), of: z.int().nonnegative() });

const byVersion = {
  shareByVersion: z.record(z.string(), tally).exactOptional(),
  versionTest: z.object({ pValue: z.number(), alpha: z.number() }).exactOptional(),
};

/** A report of an older or newer hopcheck may have more; what is compared must be there. */
const report = z.object({
  schema: z.literal(REPORT_SCHEMA),
  run: z.object({ id: z.string(), startedAt: z.string(), probes: z.int().nonnegative().optional() }),
  policy: z
    .object({ only: z.array(z.unknown()), skip: z.array(z.unknown()) })
    .partial()
    .optional(),
  hops: z.array(z.object({ caller: z.string(), callee: z.string() })).optional(),
  promises: z.array(
    z.object({
      id: z.string(),
      status: z.string().optional(),
      judged: z.string().optional(),
      findings: z.array(
        z.object({
          code: z.string(),
          severity: z.enum(SEVERITIES),
          causes: z.array(z.string()),
          subject: subjectSchema,
          explainedBy: z.unknown().optional(),
          share: tally.optional(),
          callees: z.array(z.object({ callee: z.string(), share: tally, ...byVersion })).optional(),
          ...byVersion,
        }),
      ),
    }),
  ),
});

/** The baseline, or why the file is not one. Codes and causes of another version compare as unequal, which is right. */
export function readBaseline(path: string, readFile: (path: string) => string): Baseline | string {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const value = parsed(text);
  if (schemaOf(parsed(text.split('\n', 1)[0] ?? ''), 'head')?.startsWith('hopcheck/capture@'))
    return `it is a capture; hopcheck judge ${path} --report json=before.json makes a report of it`;
  if (value === undefined) return 'it is not JSON';
  const schema = schemaOf(value);
  if (schema !== REPORT_SCHEMA) {
    const what = schema === undefined ? 'it is JSON of something else' : `its schema is ${JSON.stringify(schema)}`;
    return `${what}; this version reads ${REPORT_SCHEMA}`;
  }
  const { success, data, error } = report.safeParse(value);
  if (!success) {
    const [first] = error.issues;
    const wanted = first?.code === 'invalid_type' ? `no ${first.expected} is there` : 'it does not fit';
    return `${first?.path.join('.') || 'the file'}: ${wanted}`;
  }
  const findings = data.promises.flatMap(({ id, findings: found }) =>
    found.flatMap(
      ({ severity, explainedBy, share, shareByVersion, versionTest, callees, ...identity }): BaselineFinding[] => {
        const known = isPromise(id) && isCode(identity.code);
        if (severity === 'info' || explainedBy !== undefined || !known) return [];
        const causes = CAUSES.filter((cause) => identity.causes.includes(cause));
        const code = identity.code as FindingCode;
        const subject = identity.subject as BaselineFinding['subject'];
        const parts = {
          ...(shareByVersion && { shareByVersion }),
          ...(versionTest && { versionTest }),
          ...(callees && { callees }),
        };
        const counted = share && countedShare({ code, subject, share, ...parts });
        return [{ promise: id, code, subject, causes, ...(counted !== undefined && { counted }) }];
      },
    ),
  );
  const { id, startedAt, probes } = data.run;
  const isSelected = (data.policy?.only?.length ?? 0) + (data.policy?.skip?.length ?? 0) > 0;
  return {
    from: path,
    run: id,
    startedAt,
    findings,
    ...(probes !== undefined && { probes }),
    // What an option left out was not judged; a promise that is skipped for another reason was looked at.
    promises: data.promises
      .filter(({ status, judged }) => !(isSelected && status === 'skipped' && judged !== undefined))
      .map((promise) => promise.id),
    ...(data.hops !== undefined && { hops: data.hops.map(({ caller, callee }) => `${caller}->${callee}`) }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a document says of itself; `under`: in the record of that name. */
function schemaOf(value: unknown, under?: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (under !== undefined) return under in value ? schemaOf(value[under as keyof typeof value]) : undefined;
  return 'schema' in value && typeof value.schema === 'string' ? value.schema : undefined;
}

function isPromise(id: string): id is PromiseId {
  return ALL_PROMISES.some((promise) => promise.id === id);
}

function isCode(code: string): code is FindingCode {
  return Object.hasOwn(CODES, code);
}
