import { z } from 'zod';
import { trouble as pathTrouble } from './json-path.ts';
import { trouble as patternTrouble } from './patterns.ts';

/** A text of that form; anything else is answered with the words. */
export function text(form: RegExp, words: string): z.ZodString {
  return z.string(words).regex(form, words);
}

/** As Kubernetes names Services and workloads (RFC 1123); upper case and `_` only where other systems have them. */
export const NAME_WORDS = 'a name of letters, digits and hyphens';
export const serviceName = text(/^[A-Za-z0-9](?:[-\w]*[A-Za-z0-9])?$/, NAME_WORDS);
/** A Service of the mesh, or a host outside by its full name. */
export const calleeName = text(/^[A-Za-z0-9](?:[-.\w]*[A-Za-z0-9])?$/, 'the name of a service, or a full host name');
/** The value of a Kubernetes label. */
export const versionName = text(
  /^[A-Za-z0-9](?:[-.\w]{0,61}[A-Za-z0-9])?$/,
  'a version as its label has it, such as v1',
);

export const path = text(/^\/[^\s#]*$/, 'a path that begins with /');

/** RFC 9535. */
export const jsonPath = z.string('a JSON path (RFC 9535)').superRefine((value, context) => {
  const wrong = pathTrouble(value);
  if (wrong !== undefined) context.addIssue({ code: 'custom', message: `a JSON path (RFC 9535): ${wrong}` });
});

/** A regular expression of JavaScript, with the flag `u` where it can have it. */
export const pattern = z.string('a regular expression').superRefine((value, context) => {
  const wrong = patternTrouble(value);
  if (wrong !== undefined) context.addIssue({ code: 'custom', message: `a regular expression: ${wrong}` });
});

/** One, or several of them. */
export function oneOrMore<S extends z.ZodType>(one: S) {
  return z.union([one, z.array(one).min(1, 'at least one')]);
}
