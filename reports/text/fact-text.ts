import { KINDS_OF_CODES } from '../../harness/model/codes.ts';
import type { Fact, FactOfCode, FindingFacts } from '../../harness/model/facts/facts.ts';
import { CONFIGURATION_TEXTS } from './configuration.ts';
import { CONTRACT_TEXTS } from './contract.ts';
import { ENVIRONMENT_TEXTS } from './environment.ts';
import { INGRESS_TEXTS } from './ingress.ts';
import { LOAD_BALANCING_TEXTS } from './load-balancing.ts';
import { MATRIX_TEXTS } from './matrix.ts';
import { PARENTAGE_TEXTS } from './parentage.ts';
import { PROPAGATION_TEXTS } from './propagation.ts';
import { RUN_TEXTS } from './run.ts';
import { SAMPLING_TEXTS } from './sampling.ts';
import { fillTemplate } from './template.ts';
import type { Texts } from './texts.ts';
import { TRACE_SHAPE_TEXTS } from './trace-shape.ts';

const TEXTS: Texts<Exclude<Fact, FactOfCode>> = {
  ...RUN_TEXTS,
  ...ENVIRONMENT_TEXTS,
  ...CONFIGURATION_TEXTS,
  ...INGRESS_TEXTS,
  ...LOAD_BALANCING_TEXTS,
  ...TRACE_SHAPE_TEXTS,
  ...PARENTAGE_TEXTS,
  ...PROPAGATION_TEXTS,
  ...SAMPLING_TEXTS,
  ...MATRIX_TEXTS,
  ...CONTRACT_TEXTS,
};

/** Each kind that stands beside its code has one: `kind()` takes none without. */
const TEMPLATES: ReadonlyMap<string, string> = new Map(
  KINDS_OF_CODES.map(({ schema, says }) => [schema.shape.kind.value, says]),
);

/** A fact as a person reads it. Foreign text in it is as received: who prints it makes it harmless (reports/characters). */
export function factText(fact: Fact): string {
  const template = TEMPLATES.get(fact.kind);
  if (template !== undefined) return fillTemplate(template, fact);
  // The table is total: what stands under a kind takes the facts of that kind.
  const text = TEXTS[fact.kind as keyof typeof TEXTS] as (fact: Fact) => string;
  return text(fact);
}

/** What a finding received; where other things received something else, how many. */
export function receivedText({ received, others = 0 }: FindingFacts): string {
  const rest = others === 0 ? '' : ` (${others} ${others === 1 ? 'other differs' : 'others differ'} in detail)`;
  return `${factText(received)}${rest}`;
}
