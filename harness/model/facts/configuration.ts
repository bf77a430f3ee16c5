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
  fact('page-served', 'The page of the application is served: title of a step.', { path: word('Its path') }),
  fact('no-request-sent', 'No request was sent.', {}),
  fact('requests-served', 'Requests were answered 200 with a whole page.', {
    requests: count('those requests'),
    of: count('requests'),
  }),
  fact('request-status', 'A request was answered with another status.', {
    status: z.int().describe('HTTP status, a number of the answer.'),
  }),
  fact('find-route', "Look at the routes, and at the gateway's log, which names the route that was taken.", {
    namespace: word('Namespace of the gateway'),
    pod: word('Its pod, or deploy/ and the name of its Deployment'),
  }),
  fact('entry-known', 'The trace backend knows the entry service: title of a step.', { service: word('The service') }),
  fact('requests-traced', 'Requests left spans.', { requests: count('those requests'), of: count('requests') }),
  fact('traced-under-other-ids', 'Requests are traced, under ids that they did not carry.', {}),
  fact('cluster-read', 'What was read of the cluster.', {
    context: word("Name of the kubeconfig's context, or in-cluster"),
    istio: word('Version of the control plane; absent: not seen').optional(),
    dataPlane: z.enum(['sidecar', 'ambient', 'none', 'unknown']).describe('What carries the traffic.'),
    done: count('steps that hold'),
    steps: count('steps'),
  }),
]);
export type ConfigurationFact = Data<typeof configurationFact>;
