import { z } from 'zod';
import type { PageFacts, ReadAnswer } from '../model/application.ts';
import { keyed } from './keyed.ts';
import { jsonPath, oneOrMore, pattern, serviceName, text, versionName } from './parts.ts';
import { toPattern } from './patterns.ts';
import { withinTime } from './within-time.ts';

// How an answer is read, as data: a JSON path, a header, a text, or a regular expression.

const place = {
  at: jsonPath.optional().describe('JSON path (RFC 9535) into the body'),
  header: text(/^[\w!#$%&'*+.^`|~-]+$/, 'the name of a header')
    .optional()
    .describe('a header of the answer'),
  contains: z.string('a text').min(1, 'a text').optional().describe('a text that the body has'),
  matches: pattern
    .optional()
    .describe('a regular expression over the body, or over the value at the place named beside it'),
  example: z
    .string('a text that the regular expression matches')
    .optional()
    .describe('a text that `matches` finds; the lab puts it into its answers'),
};

interface Place {
  readonly at?: string | undefined;
  readonly header?: string | undefined;
  readonly contains?: string | undefined;
  readonly matches?: string | undefined;
  readonly example?: string | undefined;
}

const PLACES = 'one of at, header, contains and matches';

/** As long as all captures of one answer may take (docs/application.md#answers), ms. */
const EXAMPLE_MS = 250;

function exampleTrouble({ example, matches }: Place): string | undefined {
  if (example === undefined || matches === undefined) return undefined;
  let isFound = false;
  const isInTime = withinTime(EXAMPLE_MS, () => {
    isFound = toPattern(matches).test(example);
  });
  if (!isInTime) return `a text that \`matches\` finds within ${EXAMPLE_MS} ms`;
  return isFound ? undefined : 'a text that `matches` finds';
}

function checked<S extends z.ZodType<Place>>(schema: S): S {
  return schema.superRefine((value, context) => {
    const given = [value.at, value.header, value.contains].filter((one) => one !== undefined).length;
    if (given > 1 || (given === 0 && value.matches === undefined))
      context.addIssue({ code: 'custom', message: PLACES });
    if (value.contains !== undefined && value.matches !== undefined)
      context.addIssue({ code: 'custom', path: ['matches'], message: 'contains or matches, not both' });
    const wrong = exampleTrouble(value);
    if (wrong !== undefined) context.addIssue({ code: 'custom', path: ['example'], message: wrong });
  });
}

const mark = checked(
  keyed({
    ...place,
    name: z.string('a text').optional().describe('what is missing where it is not there, such as "its title"'),
  }),
);

const versionRule = checked(
  keyed({
    of: serviceName.describe('the service whose version this is'),
    ...place,
    map: z.record(z.string(), versionName).optional().describe('what stands there → the version'),
    is: versionName.optional().describe('the version, where the place is there at all'),
    ifWhole: z.literal(true, 'true').optional().describe('only where the answer is whole'),
    ifNoErrorOf: z.array(serviceName).optional().describe('only where the answer shows no error of these services'),
    from: z.string('a text').optional().describe('how the version is known, for reports'),
  }),
);

const errorRule = checked(
  keyed({
    ...place,
    service: serviceName
      .optional()
      .describe('the service that failed; without it the one that another rule finds in the text, else the entry'),
  }),
);

const status = z
  .int('a status from 100 to 599')
  .min(100, 'a status from 100 to 599')
  .max(599, 'a status from 100 to 599');

export const answerSchema = keyed({
  status: oneOrMore(status).optional().describe('status of a right answer; default 200'),
  whole: oneOrMore(z.union([jsonPath, mark]))
    .optional()
    .describe('what a whole answer has; without it an answer is whole by its status'),
  versions: z
    .array(versionRule)
    .optional()
    .describe('which version of a service made it; the first rule that finds one counts'),
  errors: z.array(errorRule).optional().describe('errors that an answer with a right status shows'),
  read: z
    .custom<(answer: ReadAnswer) => PageFacts>(
      (value) => typeof value === 'function',
      'a function, in a TypeScript file',
    )
    .optional()
    .describe('a function that reads the answer, in place of whole, versions and errors; in TypeScript only'),
}).describe('how the answer is read');

export type AnswerDefinition = z.output<typeof answerSchema>;
export type Mark = z.output<typeof mark>;
export type VersionRule = z.output<typeof versionRule>;
export type ErrorRule = z.output<typeof errorRule>;
