import { z } from 'zod';
import { CODES, type FindingCode } from '../model/codes.ts';
import type { Toleration } from '../model/policy.ts';
import { didYouMean } from './did-you-mean.ts';

const KEYS = ['code', 'subject', 'until', 'reason', 'owner'] as const;

/**
 * `HC204=reason`, `HC302:front->orders=reason until 2027-01-31`, or in a file
 * `{ code, subject, until, reason, owner }`. `until` is the last day, in UTC.
 */
export const toleration = z
  .union([
    z.string(),
    z.strictObject({
      code: z.string(),
      subject: z.string().optional(),
      until: z.string().optional(),
      reason: z.string(),
      owner: z.string().optional(),
    }),
  ])
  .transform((given, context): Toleration => {
    const read = typeof given === 'string' ? readText(given) : checked(given);
    if ('hint' in read) {
      context.addIssue({
        code: 'custom',
        message: 'does not fit',
        ...(read.hint !== undefined && { params: { hint: read.hint } }),
      });
      return z.NEVER;
    }
    return read;
  });

type Read = Toleration | { readonly hint: string | undefined };

/** Of a value that is not even of this shape: what is wrong with it. */
export function tolerationHint(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const unknown = Object.keys(given).find((key) => !KEYS.some((known) => known === key));
  if (unknown !== undefined) {
    const near = didYouMean(unknown, KEYS);
    return near === undefined ? `not "${unknown}"` : `"${near}" instead of "${unknown}"`;
  }
  const missing = (['code', 'reason'] as const).find((key) => !Object.hasOwn(given, key));
  return missing === undefined ? undefined : `with "${missing}"`;
}

function readText(text: string): Read {
  const [, code = '', subject, rest = ''] = /^([^=:]*)(?::([^=]+))?(?:=(.*))?$/s.exec(text.trim()) ?? [];
  const reason = rest.trim();
  // Also where there is no reason before it: then the end is the reason.
  const [, before = '', until] = /^(.*?)(?:^|\s)until\s+(\S+)$/s.exec(reason) ?? [];
  if (until === undefined || !/^\d+[-/]\d+[-/]\d+$/.test(until)) return checked({ code, subject, reason });
  return checked({ code, subject, reason: before.trim() === '' ? reason : before.trim(), until });
}

interface Given {
  readonly code: string;
  readonly subject?: string | undefined;
  readonly reason: string;
  readonly until?: string | undefined;
  readonly owner?: string | undefined;
}

function checked({ code: given, subject, reason, until, owner }: Given): Read {
  const code = given.trim().toUpperCase();
  if (!Object.hasOwn(CODES, code)) {
    const near = didYouMean(code, Object.keys(CODES));
    return { hint: near === undefined ? undefined : `perhaps ${near}` };
  }
  if (reason.trim() === '') return { hint: 'with a reason after =' };
  if (until !== undefined && !isDay(until)) return { hint: 'until a day such as 2027-01-31' };
  const about = subject === undefined ? '' : subjectGiven(subject);
  return {
    code: code as FindingCode,
    ...(about && { subject: about }),
    reason: reason.trim(),
    ...(until !== undefined && { until }),
    ...(owner?.trim() && { owner: owner.trim() }),
  };
}

/** An ISO 8601 day that exists: 30 February does not. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * As {@link subjectName} writes it, of what a report prints: `orders v2, v3 → stock` is the hop, whatever its versions;
 * `forced-on probes`, `the mesh`.
 */
function subjectGiven(text: string): string {
  const [caller = '', callee] = text.split(/->|→/).map((side) => side.trim().replace(/^the /, ''));
  if (callee !== undefined) return `${firstWord(caller)}->${firstWord(callee)}`;
  return /\bprobes?$/.test(caller) ? 'probe' : caller === 'trace backend' ? 'backend' : firstWord(caller);
}

function firstWord(text: string): string {
  return text.split(/\s/)[0] ?? '';
}
