import type { CodeDefinition } from './codes/definition.ts';
import { CODES } from './codes.ts';
import type { JudgedFinding } from './finding.ts';

/**
 * How often a finding was seen and among how many, with the unit of its code: `48 of 48 calls`, `3 times`. Empty where
 * there is nothing to count, and where it happened once.
 */
export function shareWords({ code, share: { affected, of } }: Pick<JudgedFinding, 'code' | 'share'>): string {
  const { counts }: CodeDefinition = CODES[code];
  if (counts === undefined) return '';
  if (counts === 'time') return affected > 1 ? `${affected} times` : '';
  return `${affected} of ${of} ${counts}${of === 1 ? '' : 's'}`;
}
