import { z } from 'zod';
import { GRPC_CODES } from '../model/grpc-status.ts';
import { answerSchema } from './answer-schema.ts';
import { keyed } from './keyed.ts';
import { calleeName, oneOrMore, path, serviceName, text, versionName } from './parts.ts';

/** The methods that a request can have; all but GET only where the user calls the request idempotent. */
export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const optionalPath = (method: string) => path.optional().describe(`the path, for ${method.toUpperCase()}`);

/** Anything that JSON can hold; a YAML file gives nothing else. */
const json = z.unknown().refine((value) => JSON.stringify(value) !== undefined, 'a value of JSON');

const request = keyed(
  {
    ...(Object.fromEntries(METHODS.map((method) => [method, optionalPath(method)])) as Record<
      (typeof METHODS)[number],
      ReturnType<typeof optionalPath>
    >),
    idempotent: z
      .literal(true, 'true')
      .optional()
      .describe('sending it again and again does no harm; needed for every method but GET'),
    headers: z
      .record(text(/^[\w!#$%&'*+.^`|~-]+$/, 'the name of a header'), z.string('a text'))
      .optional()
      .describe(`beside those of hopcheck; \${NAME} stands for a variable of the environment`),
    json: json.optional().describe(`the body, as JSON; \${NAME} stands for a variable of the environment`),
    body: z.string('a text').optional().describe(`the body as text; \${NAME} stands for a variable of the environment`),
    entry: serviceName.optional().describe("the service that the gateway calls; default the application's entry"),
    reaches: z
      .array(serviceName)
      .min(1, 'at least one service')
      .optional()
      .describe('the services that it gets to; default all that calls lead to'),
    answer: answerSchema.optional(),
  },
  {
    grpc: 'a method of HTTP, because requests of gRPC are not supported: name an entry that speaks HTTP, and its calls with protocol: grpc',
  },
).superRefine((value, context) => {
  const given = METHODS.filter((method) => value[method] !== undefined);
  if (given.length !== 1) context.addIssue({ code: 'custom', message: `one of ${METHODS.join(', ')}, with the path` });
  const [method] = given;
  if (method !== undefined && method !== 'get' && value.idempotent !== true)
    context.addIssue({
      code: 'custom',
      path: [method],
      message: 'idempotent: true beside it, because it is sent many times; only get is sent without it',
    });
  const bodies = ['json', 'body'].filter((key) => value[key as 'json' | 'body'] !== undefined);
  if (bodies.length > 1) context.addIssue({ code: 'custom', path: ['body'], message: 'json or body, not both' });
  if (bodies.length > 0 && method === 'get')
    context.addIssue({ code: 'custom', path: bodies.slice(0, 1), message: 'no body with get' });
});

const times = z.int('a whole number from 1').min(1, 'a whole number from 1').max(1000, 'at most 1000');

const call = keyed({
  to: calleeName,
  when: oneOrMore(versionName).optional().describe('only these versions of the caller make it'),
  attempts: times.optional().describe('how often the caller tries; 2: it may retry once. Default 1'),
  times: times.optional().describe('how many calls of one request are usual. Default 1'),
  optional: z.literal(true, 'true').optional().describe('not every request makes it, and what decides is not known'),
  pending: z
    .literal(true, 'true')
    .optional()
    .describe('not seen yet: a warning until a run sees it, and binding once this line is gone'),
  until: z.iso
    .date('a day, such as 2027-03-01')
    .optional()
    .describe('optional up to this day, included (UTC); from the next day on every request makes it'),
  traced: z
    .literal(false, 'false, for a peer without a sidecar')
    .optional()
    .describe('false: the callee has no sidecar, and only the CLIENT span of the caller is expected'),
  protocol: z
    .enum(['http', 'grpc', 'tcp'], 'http, grpc or tcp')
    .optional()
    .describe(
      'tcp: Envoy makes no span of the call, and nothing is expected. grpc: the same spans as http; the lab on Envoy plays it so. Default http',
    ),
  external: z
    .literal(true, 'true')
    .optional()
    .describe('the callee is a host outside of the mesh, by its full name; only the CLIENT span is expected'),
  statuses: z
    .array(z.enum(GRPC_CODES.slice(1), 'a status of gRPC other than OK, such as NOT_FOUND'))
    .min(1, 'at least one status')
    .optional()
    .describe('statuses of gRPC that are right answers to it beside OK; every other one is an error of the callee'),
  through: z
    .literal('gateway', 'gateway')
    .optional()
    .describe('the call leaves for the gateway, which leads to the callee'),
}).superRefine((value, context) => {
  if (value.until !== undefined && value.optional !== true)
    context.addIssue({ code: 'custom', path: ['until'], message: 'optional: true beside it' });
  if (value.pending === true && value.optional === true)
    context.addIssue({ code: 'custom', path: ['pending'], message: 'pending or optional, not both' });
  if (value.external === true && !value.to.includes('.'))
    context.addIssue({ code: 'custom', path: ['to'], message: 'the full name of an external host' });
  if (value.external !== true && value.to.includes('.'))
    context.addIssue({
      code: 'custom',
      path: ['to'],
      message: 'a short name of a service, or external: true beside it',
    });
  if (value.statuses !== undefined && (value.protocol === 'tcp' || value.protocol === 'http'))
    context.addIssue({ code: 'custom', path: ['statuses'], message: 'protocol: grpc beside it' });
  if (value.protocol === 'tcp' && value.traced !== false && value.external !== true)
    context.addIssue({ code: 'custom', path: ['protocol'], message: 'traced: false or external: true beside tcp' });
});

const weight = z.number('a weight').nonnegative('a weight of 0 or more');
const weights = z
  .record(versionName, weight)
  .refine((value) => Object.values(value).some((one) => one > 0), 'one weight over 0');
const versions = z.union([
  z
    .array(versionName)
    .min(1, 'at least one version')
    .refine((value) => new Set(value).size === value.length, 'each version once'),
  weights,
]);

const match = keyed({
  workload: serviceName.optional().describe('name of the workload, as in the pod of node_id'),
  canonicalService: serviceName.optional().describe('the tag istio.canonical_service'),
  serviceName: text(/^\S+$/, 'a service name as spans have it')
    .optional()
    .describe('the service name of the spans, full or short'),
}).refine(
  (value) => Object.values(value).some((one) => one !== undefined),
  'workload, canonicalService or serviceName',
);

/** An application, as its users write it down. */
export const definitionSchema = keyed({
  $schema: z.string().optional(),
  version: z.literal(1, '1, the version of this format'),
  name: text(/^\S(?:.{0,62}\S)?$/, 'a name of at most 64 characters').describe('for messages and reports'),
  gateway: oneOrMore(serviceName)
    .optional()
    .describe('the ingress gateway, or several in a row; found from routes or spans where left out'),
  entry: serviceName
    .optional()
    .describe('the service that the gateway calls; the only one that no other calls where left out'),
  requests: z
    .record(serviceName, request)
    .refine((value) => Object.keys(value).length > 0, 'at least one request')
    .describe('what probes send, in turn'),
  calls: z.record(serviceName, z.array(z.union([calleeName, call]))).describe('caller → what it calls'),
  versions: z
    .record(serviceName, versions)
    .optional()
    .describe('services with several versions: their weights, or a list, where equal ones are assumed'),
  services: z
    .record(serviceName, keyed({ match: match.optional() }))
    .optional()
    .describe('names, where spans have others; learnt where left out'),
  timeout: text(/^\d{1,9}(?:\.\d+)?(?:ms|s|m|h)$/, 'a time with its unit, such as 15s')
    .optional()
    .describe('the longest time a service waits for another; default 15s, as Envoy waits'),
  install: keyed({ workloads: z.string('a command'), routes: z.string('a command') })
    .optional()
    .describe('commands that put it into a cluster, for messages'),
});

export type Definition = z.output<typeof definitionSchema>;
export type DefinitionInput = z.input<typeof definitionSchema>;
export type RequestDefinition = Definition['requests'][string];
export type CallDefinition = z.output<typeof call>;
