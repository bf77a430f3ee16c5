import { z } from 'zod';
import { didYouMean } from '../config/did-you-mean.ts';

/**
 * An object without other keys than these. A misspelt one must not be passed over: the run would be another than was meant.
 * @param refused keys that people may expect here, each with what to write instead and why.
 */
export function keyed<Shape extends z.ZodRawShape>(
  shape: Shape,
  refused: Readonly<Record<string, string>> = {},
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).filter((key) => key !== '$schema');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys')
        return issue.input === undefined ? MISSING : `a map with ${known.join(', ')}`;
      return issue.keys.map((key) => (Object.hasOwn(refused, key) ? refused[key] : unknownKey(key, known))).join('; ');
    },
  });
}

/** The words for a map that is missing. */
export const MISSING = 'a value';

function unknownKey(key: string, known: readonly string[]): string {
  const near = didYouMean(key, known);
  return near === undefined ? `one of ${known.join(', ')}` : `"${near}"`;
}
