import { z } from 'zod';
import { CONFIGURATION_CODES } from './codes/configuration.ts';
import { CONTRACT_CODES } from './codes/contract.ts';
import { ENVIRONMENT_CODES } from './codes/environment.ts';
import { INGRESS_CODES } from './codes/ingress.ts';
import { LOAD_BALANCING_CODES } from './codes/load-balancing.ts';
import { PARENTAGE_CODES } from './codes/parentage.ts';
import { PROPAGATION_CODES } from './codes/propagation.ts';
import { SAMPLING_CODES } from './codes/sampling.ts';
import { TRACE_SHAPE_CODES } from './codes/trace-shape.ts';

/** Every code a finding can have, one row per code, one file per family; docs/codes/*.md are generated from them. */
export const CODES = {
  ...INGRESS_CODES,
  ...LOAD_BALANCING_CODES,
  ...TRACE_SHAPE_CODES,
  ...PARENTAGE_CODES,
  ...PROPAGATION_CODES,
  ...SAMPLING_CODES,
  ...ENVIRONMENT_CODES,
  ...CONFIGURATION_CODES,
  ...CONTRACT_CODES,
} as const;

/** `HC302`; the union is derived from the table. */
export type FindingCode = keyof typeof CODES;

type Rows = (typeof CODES)[FindingCode];
export type KindOfCode = Extract<Rows, { readonly kinds: unknown }>['kinds'][number];

/** The kinds of facts that stand beside their code, in the order of the codes. */
export const KINDS_OF_CODES = Object.values(CODES).flatMap((row): readonly KindOfCode[] =>
  'kinds' in row ? row.kinds : [],
);

/** A code that this version knows. */
export const findingCodeSchema: z.ZodType<FindingCode> = z
  .string()
  .refine((text): text is FindingCode => Object.hasOwn(CODES, text), 'a known finding code');
