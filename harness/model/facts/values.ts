import { z } from 'zod';
import type { Data } from '../schema.ts';
import { SOURCES } from '../source.ts';
import { SPAN_KINDS } from '../span.ts';

/**
 * One kind of fact: `kind` names it, the other properties are its values.
 * @param means what the fact states, a sentence
 */
export function fact<Kind extends string, Shape extends z.core.$ZodShape>(kind: Kind, means: string, shape: Shape) {
  return z.strictObject({ kind: z.literal(kind).describe(means), ...shape });
}

/** @param of what is counted, plural */
export const count = (of: string) => z.int().min(0).describe(`Number of ${of}.`);
/** @param since what the time is of, e.g. `from the answer to the first span` */
export const ms = (since: string) => z.number().describe(`Milliseconds ${since}.`);
/** 0–1. */
export const share = (of: string) => z.number().min(0).max(1).describe(`${of}, a number of 0 to 1.`);
export const word = (means: string) => z.string().describe(`${means}.`);
/** @param least how many there always are, default 0 */
export const words = (means: string, least = 0) => z.array(z.string()).min(least).describe(`${means}.`);
export const yes = (means: string) => z.boolean().describe(`${means}.`);

/** Where an expected value comes from, as in `Sourced`. */
export const SOURCE = {
  source: z.enum(SOURCES).describe('Kind of place that the expected value comes from.'),
  from: word('The place, e.g. --shares'),
};

/** Values between the two are not ruled out, with 95 % confidence unless the fact names another interval. */
export const INTERVAL = {
  low: share('Lower end of the exact interval'),
  high: share('Upper end of the exact interval'),
};

/** So many of so many, with the exact interval of the share; none of it where nothing was counted. */
export const sharedCount = (affected: string, all: string) =>
  z.strictObject({
    affected: count(affected),
    of: count(all),
    low: INTERVAL.low.optional(),
    high: INTERVAL.high.optional(),
  });
export type SharedCount = Data<ReturnType<typeof sharedCount>>;

export const spanKind = (of: string) => z.enum(SPAN_KINDS).describe(`Kind of ${of}.`);

/** How a call was answered, as its CLIENT span shows it. */
export const callAnswer = z.strictObject({
  status: z.int().optional().describe('HTTP status, a number of the span; 0: no answer; absent: the span shows none.'),
  grpcStatus: z
    .int()
    .optional()
    .describe(
      'Status of gRPC, one of the numbers of its table, where it is an error; absent: it is OK, or the call is not gRPC.',
    ),
  flags: words("Envoy's response flags"),
});
export type CallAnswer = Data<typeof callAnswer>;

/** How long failing calls of a hop took, medians. */
export const callFailure = z.strictObject({
  afterMs: ms('from the start of a failing call to its end'),
  lateMs: ms('that the callee takes where it is left to answer; absent: not known').optional(),
  versions: words('Versions of the caller that give up, where versions differ significantly', 1).optional(),
  calleeVersions: words('Versions of the callee that fail, where versions differ significantly', 1).optional(),
});
export type CallFailure = Data<typeof callFailure>;

/** Causes of a service that is called and fails. */
export const OUTAGE_CAUSES = [
  'callee-unreachable',
  'callee-down',
  'callee-closed',
  'callee-slow',
  'callee-error',
  'caller-cancelled',
] as const;
export type OutageCause = (typeof OUTAGE_CAUSES)[number];

/** Has a service answer again; used by several families. */
export const restoreService = fact('restore-service', 'Have the service answer again.', {
  cause: z.enum(OUTAGE_CAUSES).describe('What is wrong with it.'),
  caller: word('Service that calls it'),
  callee: word('The service'),
  answer: callAnswer.describe('How the call was answered; absent: not known.').optional(),
  failure: callFailure.describe('How long the calls took; absent: not known.').optional(),
});
