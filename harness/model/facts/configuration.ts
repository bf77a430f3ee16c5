import { z } from 'zod';
import type { Data } from '../schema.ts';
import { count, fact, word } from './values.ts';

/** HC8xx: the mesh's own configuration. What is wrong in it, the capture states in words (`stated`). */
export const configurationFact = z.discriminatedUnion('kind', [
  fact('no-cluster-read', 'The run did not read a cluster.', {}),
  fact('nothing-read', 'Nothing was read.', {}),
  fact('step-open', 'A step of the walk-through failed or was not checked.', {
    title: word('Statement that is true when the step is ok'),
    detail: word('What was seen'),
  }),
  fact('cluster-read', 'What was read of the cluster.', {
    context: word("Name of the kubeconfig's context, or in-cluster"),
    istio: word('Version of the control plane; absent: not seen').optional(),
    dataPlane: z.enum(['sidecar', 'ambient', 'none', 'unknown']).describe('What carries the traffic.'),
    done: count('steps that hold'),
    steps: count('steps'),
  }),
]);
export type ConfigurationFact = Data<typeof configurationFact>;
