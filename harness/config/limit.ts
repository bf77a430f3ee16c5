import { z } from 'zod';
import { CODES, type FindingCode } from '../model/codes.ts';
import { countsFaults } from '../model/counted-share.ts';
import type { Limit } from '../model/policy.ts';
import { didYouMean } from './did-you-mean.ts';

/** The codes that a limit makes sense for: how often something fails, and not whether the run could decide. */
export const LIMITED_CODES = (Object.keys(CODES) as FindingCode[]).filter(
  (code) => countsFaults(code) && CODES[code].promise !== 'environment',
);

/** `HC507=1%` */
export const limit = z.string().transform((text, context): Limit => {
  const [, given = '', number = ''] = /^([^=]*)=\s*(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  const code = given.trim().toUpperCase() as FindingCode;
  const percent = Number(number);
  const hint = hintOf(code, text, percent, number);
  if (hint === undefined) return { code, share: percent / 100 };
  context.addIssue({ code: 'custom', message: 'does not fit', params: { hint } });
  return z.NEVER;
});

function hintOf(code: string, text: string, percent: number, number: string): string | undefined {
  if (number === '') return /=\s*\d+(\.\d+)?\s*$/.test(text) ? 'with the sign %' : 'such as HC507=1%';
  if (!Object.hasOwn(CODES, code)) {
    const near = didYouMean(code, LIMITED_CODES);
    return near === undefined ? 'a code of a finding' : `perhaps ${near}`;
  }
  if (!LIMITED_CODES.some((one) => one === code)) return `a code that counts what fails, which ${code} does not`;
  return percent > 0 && percent < 100 ? undefined : 'above 0 % and below 100 %';
}
