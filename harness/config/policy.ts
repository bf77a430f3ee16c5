import { z } from 'zod';
import { CODES, type FindingCode } from '../model/codes.ts';
import { CAUSES } from '../model/finding.ts';
import { ALL_PROMISES, type PromiseId } from '../model/outcome.ts';
import type { Baseline, Policy } from '../model/policy.ts';
import { type FindingIdentity, REPORT_SCHEMA } from '../model/report.ts';
import { ConfigError } from './config-error.ts';
import { optionDefinition, POLICY_OPTIONS } from './options.ts';
import { type ConfigInput, resolveOptions } from './resolve.ts';

/**
 * What counts: --only, --skip, --tolerate, --fail-on, --baseline, from flags, environment and file as all options.
 * @throws ConfigError, also for a baseline that is no report.
 */
export function resolvePolicy(input: ConfigInput): Policy {
  const { parsed, problems } = resolveOptions(input, POLICY_OPTIONS);
  const failOn = parsed['fail-on']?.value ?? [];
  const path = parsed.baseline;
  if (failOn.includes('new') && path === undefined)
    problems.push({
      option: '--fail-on',
      value: 'new',
      expected: '--baseline beside it, for new is what that report does not know',
      example: '--baseline before.json --fail-on new',
    });
  const baseline = path === undefined ? undefined : readBaseline(path.value, input.readFile);
  if (typeof baseline === 'string')
    problems.push({
      option: '--baseline',
      value: path?.value ?? '',
      source: `${path?.source} ${path?.from}`,
      expected: `${optionDefinition('baseline').expected} (${baseline})`,
      example: optionDefinition('baseline').example,
    });
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    failOn,
    only: parsed.only?.value ?? [],
    skip: parsed.skip?.value ?? [],
    tolerate: parsed.tolerate?.value ?? [],
    ...(baseline !== undefined && typeof baseline !== 'string' && { baseline }),
  };
}

const subject = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hop'),
    caller: z.string(),
    callee: z.string(),
    callerVersions: z.array(z.string()).optional(),
    calleeVersions: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('service'), service: z.string(), versions: z.array(z.string()).optional() }),
  z.object({ kind: z.literal('probe'), purpose: z.string().optional() }),
  z.object({ kind: z.literal('mesh') }),
  z.object({ kind: z.literal('backend') }),
]);

/** A report of an older or newer hopcheck may have more; what is compared must be there. */
const report = z.object({
  schema: z.literal(REPORT_SCHEMA),
  run: z.object({ id: z.string(), startedAt: z.string() }),
  promises: z.array(
    z.object({
      id: z.string(),
      findings: z.array(
        z.object({
          code: z.string(),
          severity: z.enum(['error', 'warning', 'info']),
          causes: z.array(z.string()),
          subject,
          explainedBy: z.unknown().optional(),
        }),
      ),
    }),
  ),
});

/** The baseline, or why it is none. Codes and causes of another version compare as unequal, which is right. */
function readBaseline(path: string, readFile: (path: string) => string): Baseline | string {
  let value: unknown;
  try {
    value = JSON.parse(readFile(path));
  } catch (error) {
    return error instanceof SyntaxError ? 'it is no JSON' : error instanceof Error ? error.message : String(error);
  }
  const { success, data, error } = report.safeParse(value);
  if (!success) {
    const [first] = error.issues;
    return `${first?.path.join('.') || 'the file'}: ${first?.message ?? 'does not fit'}`;
  }
  const findings = data.promises.flatMap(({ id, findings: found }) =>
    found.flatMap(({ severity, explainedBy, ...identity }): FindingIdentity[] => {
      const known = isPromise(id) && isCode(identity.code);
      if (severity === 'info' || explainedBy !== undefined || !known) return [];
      const causes = CAUSES.filter((cause) => identity.causes.includes(cause));
      return [
        {
          promise: id,
          code: identity.code as FindingCode,
          subject: identity.subject as FindingIdentity['subject'],
          causes,
        },
      ];
    }),
  );
  return { from: path, run: data.run.id, startedAt: data.run.startedAt, findings };
}

function isPromise(id: string): id is PromiseId {
  return ALL_PROMISES.some((promise) => promise.id === id);
}

function isCode(code: string): code is FindingCode {
  return Object.hasOwn(CODES, code);
}
