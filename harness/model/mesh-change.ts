import { z } from 'zod';
import { type Data, open } from './schema.ts';

/** By the clock of the cluster. */
const atMs = z.number().describe('When, epoch ms; absent: not known, but between the two readings.').exactOptional();
const names = (what: string) => z.array(z.string()).describe(`Names of pods that ${what}.`);

const podsChangeSchema = open({
  kind: z.literal('pods'),
  service: z.string().describe("Short name of the service, or the gateway's name in the definition."),
  version: z.string().exactOptional(),
  came: names('were not there at the first reading'),
  gone: names('were there at the first reading, and are gone or about to end'),
  restarted: names('are still there, and of which a container was started again'),
  atMs,
});

const tracingChangeSchema = open({
  kind: z.literal('tracing'),
  /** Names of providers. */
  before: z.string(),
  after: z.string(),
  atMs,
});

/** What was another in the cluster after the run than before it. */
export const meshChangeSchema = z.union([
  podsChangeSchema,
  tracingChangeSchema,
  /** A newer version may have other kinds. */
  open({ kind: z.string() }),
]) as unknown as z.ZodType<Data<typeof podsChangeSchema> | Data<typeof tracingChangeSchema>>;

export type MeshChange = Data<typeof meshChangeSchema>;
