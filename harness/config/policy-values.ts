import { z } from 'zod';
import { CODES } from '../model/codes.ts';
import type { Selection } from '../model/finding.ts';
import { codesOf } from '../model/policy.ts';
import { ALL_PROMISES, TAGS } from '../model/promises.ts';
import { FAIL_ON, type FailOn } from '../model/report.ts';
import { didYouMean } from './did-you-mean.ts';

const WORDS = [...ALL_PROMISES.map(({ id }) => id), ...Object.keys(TAGS), ...Object.keys(CODES)];

/** `statistics`, `HC204=too few probes` → what, and why. */
export const selection = z.string().transform((text, context): Selection => {
  const [, given = '', reason] = /^([^=]*)(?:=(.*))?$/s.exec(text.trim()) ?? [];
  const what = /^hc\d+$/i.test(given) ? given.toUpperCase() : given.toLowerCase();
  if (codesOf(what) === undefined) return refused(context, near(what, WORDS));
  const codes = codesOf(what) ?? [];
  if (codes.every((code) => CODES[code].promise === 'environment'))
    return refused(context, 'other than of environment, which is always judged');
  return { what, ...(reason?.trim() && { reason: reason.trim() }) };
});

/** What --fail-on takes. */
export const FAIL_ON_WORDS: readonly string[] = ['error', ...FAIL_ON];

/** `warning`, `new`, `warning,new`; `error` is what always fails. */
export const failOn = z.string().transform((text, context): readonly FailOn[] => {
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !FAIL_ON_WORDS.includes(word));
  if (unknown !== undefined) return refused(context, near(unknown, FAIL_ON_WORDS));
  return words.filter((word): word is FailOn => FAIL_ON.some((known) => known === word));
});

function near(word: string, known: readonly string[]): string | undefined {
  const found = didYouMean(word, known);
  return found === undefined ? undefined : `perhaps ${found}`;
}

function refused(context: z.core.$RefinementCtx, hint: string | undefined): never {
  context.addIssue({ code: 'custom', message: 'does not fit', ...(hint !== undefined && { params: { hint } }) });
  return z.NEVER;
}
