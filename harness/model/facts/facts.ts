import { z } from 'zod';
import { KINDS_OF_CODES, type KindOfCode } from '../codes.ts';
import type { Data } from '../schema.ts';
import { configurationFact } from './configuration.ts';
import { contractFact } from './contract.ts';
import { environmentFact } from './environment.ts';
import { ingressFact } from './ingress.ts';
import { loadBalancingFact } from './load-balancing.ts';
import { matrixFact } from './matrix.ts';
import { parentageFact } from './parentage.ts';
import { propagationFact } from './propagation.ts';
import { runFact } from './run.ts';
import { samplingFact } from './sampling.ts';
import { traceShapeFact } from './trace-shape.ts';
import { count } from './values.ts';

/** Every kind of fact. A kind of two families, or of a family and a code, would be an error here. */
export const factSchema = z.discriminatedUnion('kind', [
  ...runFact.options,
  ...environmentFact.options,
  ...configurationFact.options,
  ...ingressFact.options,
  ...loadBalancingFact.options,
  ...traceShapeFact.options,
  ...parentageFact.options,
  ...propagationFact.options,
  ...samplingFact.options,
  ...matrixFact.options,
  ...KINDS_OF_CODES.map(({ schema }): KindOfCode['schema'] => schema),
  ...contractFact.options,
]);

/** In a JSON Schema one definition, which all places of a fact refer to. */
export const fact = factSchema.meta({ id: 'fact' });

/** What a finding rests on (docs/architecture.md#findings-as-data); texts are made of it in `reports/text/`. */
export const findingFactsSchema = z.strictObject({
  expected: fact.describe('What was expected.'),
  received: fact.describe('What was received; of several things seen the most common.'),
  others: count('things that were noted in this finding with another received').min(1).optional(),
  remedy: fact.describe("What to do; absent: what the code's page says.").optional(),
});

/** What the outcome of a promise rests on. */
export const promiseFactsSchema = z.strictObject({
  observed: fact.describe('What was seen.'),
  reason: fact.describe('Why it is not decided or not judged.').optional(),
});

/** What a cell of the matrix or the status of a context format rests on. */
export const reasonFactsSchema = z.strictObject({ why: fact.describe('What it rests on.') });

export type Fact = Data<typeof factSchema>;
/** A fact of a kind that stands beside its code, with its text. */
export type FactOfCode = Data<KindOfCode['schema']>;
export type FindingFacts = Data<typeof findingFactsSchema>;
export type PromiseFacts = Data<typeof promiseFactsSchema>;
