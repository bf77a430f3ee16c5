import { z } from 'zod';
import { duration, header, wholeNumber } from '../config/values.ts';
import { SERVICE_KINDS } from '../model/contract.ts';
import { HEADER_GROUPS } from './judge/headers.ts';

const texts = z.array(z.string());
const answer = z.strictObject({
  path: z.string().optional(),
  method: z.string().optional(),
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  delay: duration.optional(),
  close: z.boolean().optional(),
});

/** By upstream, a list of answers; the first that fits a call counts. */
export const answersSchema = z.record(z.string(), z.array(answer));

/** A time, or 0 for none. */
const durationOrZero = z.union([z.literal('0').transform(() => 0), duration]);
/** A file may have numbers where flags have text. */
const text = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (typeof value === 'number' ? String(value) : value), schema);

/**
 * What the flags of `hopcheck contract` and its file take, by key; flags count before the file. Upstreams and variables
 * are a map in the file, `NAME=value` in flags.
 */
export const contractInputSchema = z.strictObject({
  service: z.string(),
  name: z.string().min(1).optional(),
  upstream: texts.optional(),
  upstreams: z.union([texts, z.record(z.string(), z.string().nullable())]).optional(),
  start: z.string().min(1).optional(),
  shell: z.boolean().optional(),
  env: z.union([texts, z.record(z.string(), z.union([z.string(), z.number()]).transform(String))]).optional(),
  header: z.array(header).optional(),
  method: z
    .string()
    .regex(/^[A-Z]+$/)
    .optional(),
  data: z.string().optional(),
  require: texts.optional(),
  watch: texts.optional(),
  provider: z.enum(['opentelemetry', 'zipkin']).optional(),
  expect: z.enum(SERVICE_KINDS).optional(),
  answers: z.union([z.string(), answersSchema]).optional(),
  proto: z.union([z.string().transform((path) => [path]), texts]).optional(),
  otlp: z.union([z.boolean(), z.string()]).optional(),
  timeout: duration.optional(),
  startTimeout: duration.optional(),
  hold: text(durationOrZero).optional(),
  isolation: text(wholeNumber(0, 10_000).schema).optional(),
  inFlight: text(wholeNumber(1, 256).schema).optional(),
});

export type ContractInput = z.output<typeof contractInputSchema>;

/** What is expected of each, in words, with an example. */
export const CONTRACT_WORDS: Readonly<Record<string, readonly [expected: string, example: string]>> = {
  service: ['an http, h2c or grpc URL with a port', '--service http://127.0.0.1:9080/orders'],
  name: ['a name', '--name orders'],
  upstream: ['<name>, <name>=<port> or <name>=<host>:<port>', '--upstream stock=127.0.0.1:9081'],
  upstreams: ['names with addresses', 'upstreams: {stock: "127.0.0.1:9081"}'],
  start: ['a command with every quote closed', "--start 'python app.py'"],
  shell: ['true or false', '--shell'],
  env: ['NAME=value', '--env STOCK_HOSTNAME={stock.host}'],
  header: ['Name: value', "--header 'Authorization: Bearer abc123'"],
  method: ['a method in upper case', '--method POST'],
  data: ['the body of the request', "--data '{}'"],
  require: [`names of headers, or a group (${HEADER_GROUPS.join(', ')})`, '--require cookie'],
  watch: [`names of headers, or a group (${HEADER_GROUPS.join(', ')})`, '--watch datadog'],
  provider: ['opentelemetry or zipkin', '--provider zipkin'],
  expect: ['pass-through or tracer', '--expect tracer'],
  answers: ['a file of answers by upstream', '--answers answers.yaml'],
  proto: ['a .proto file that can be read', '--proto stock.proto'],
  otlp: ['<port> or <host>:<port>', '--otlp 127.0.0.1:4318'],
  timeout: ['a time up to 24h with its unit (ms, s, m, h)', '--timeout 10s'],
  startTimeout: ['a time up to 24h with its unit (ms, s, m, h)', '--start-timeout 60s'],
  hold: ['a time up to 24h with its unit (ms, s, m, h), or 0', '--hold 10s'],
  isolation: ['a whole number from 0 to 10000', '--isolation 200'],
  inFlight: ['a whole number from 1 to 256', '--in-flight 32'],
};
