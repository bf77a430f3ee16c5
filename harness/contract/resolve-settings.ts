import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { ALWAYS_WATCHED, headersNamed, requiredByDefault } from './judge/headers.ts';
import {
  type AnswerSources,
  nameOf,
  readAnswers,
  readEnv,
  readOtlp,
  readService,
  readUpstreams,
} from './read-settings.ts';
import type { ContractSettings } from './settings.ts';
import { CONTRACT_WORDS, type ContractInput, contractInputSchema } from './settings-input.ts';
import type { Answers } from './stub/answers.ts';
import type { GrpcAnswers } from './stub/grpc.ts';
import { wordsOf } from './words.ts';

/** What was given, and where: `flags` count before `file`. */
export interface ContractGiven extends AnswerSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly file?: { readonly path: string; readonly values: Readonly<Record<string, unknown>> };
  readonly cwd: string;
  /** Messages of a .proto file, by method. */
  readonly readProto: (paths: readonly string[], answers: Answers) => GrpcAnswers;
}

/** @throws ConfigError with every problem in a line. */
export function resolveContract(given: ContractGiven): ContractSettings {
  const input = parseInput(given);
  const problems: ConfigProblem[] = [];
  const wrong = (key: string, value: string | undefined, expected?: string): undefined => {
    problems.push(problemOf(key, value, given, expected));
  };
  const service = readService(input.service, wrong);
  const upstreams = readUpstreams(input, wrong);
  const words = input.start === undefined ? undefined : input.shell === true ? [input.start] : wordsOf(input.start);
  if (input.start !== undefined && (words === undefined || words.length === 0)) wrong('start', input.start);
  if (input.shell === true && input.start === undefined) wrong('shell', undefined, 'a command beside it');
  const env = readEnv(input, wrong);
  const answers = readAnswers(input, given, upstreams, wrong);
  const otlp = input.otlp === undefined || input.otlp === false ? undefined : readOtlp(input.otlp, wrong);
  const required = [
    ...requiredByDefault(input.provider ?? 'opentelemetry'),
    ...(input.require ?? []).flatMap(headersNamed),
  ];
  if (problems.length > 0 || service === undefined) throw new ConfigError(problems);
  return {
    service: {
      ...service,
      name: input.name ?? nameOf(service.url, service.protocol),
      method: input.method ?? (input.data === undefined ? 'GET' : 'POST'),
      ...(input.data !== undefined && { body: Buffer.from(input.data) }),
      headers: input.header ?? [],
    },
    upstreams,
    ...(words !== undefined &&
      input.start !== undefined && { start: { words, line: input.start, shell: input.shell === true } }),
    env,
    required: [...new Set(required)],
    watched: [...new Set([...ALWAYS_WATCHED, ...required, ...(input.watch ?? []).flatMap(headersNamed)])],
    ...(input.expect !== undefined && { expect: input.expect }),
    answers,
    grpcAnswers: input.proto === undefined ? () => undefined : given.readProto(input.proto, answers),
    ...(otlp !== undefined && { otlp }),
    timeoutMs: input.timeout ?? 10_000,
    startTimeoutMs: input.startTimeout ?? 60_000,
    holdMs: input.hold ?? 10_000,
    isolation: input.isolation ?? 200,
    inFlight: input.inFlight ?? 32,
    cwd: given.cwd,
  };
}

function parseInput(given: ContractGiven): ContractInput {
  const merged = { ...given.file?.values, ...given.flags };
  const result = contractInputSchema.safeParse(merged);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.flatMap((issue): ConfigProblem[] => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, given));
      const key = String(issue.path[0] ?? 'service');
      // Headers and variables may be secrets.
      const shown =
        key === 'header' || key === 'env'
          ? undefined
          : shownValue(Object.hasOwn(merged, key) ? (merged as Record<string, unknown>)[key] : undefined);
      return [problemOf(key, shown, given)];
    }),
  );
}

function shownValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function unknownKey(key: string, { file }: ContractGiven): ConfigProblem {
  const near = didYouMean(key, Object.keys(CONTRACT_WORDS));
  return {
    option: key,
    ...(file !== undefined && { source: `file ${file.path}` }),
    expected:
      near === undefined
        ? `a key of a contract file (${Object.keys(CONTRACT_WORDS).join(', ')})`
        : `a key of a contract file, perhaps ${near}`,
    example: 'service: http://127.0.0.1:9080/orders',
  };
}

function problemOf(
  key: string,
  value: string | undefined,
  { flags, file }: ContractGiven,
  expected?: string,
): ConfigProblem {
  const [words, example] = CONTRACT_WORDS[key] ?? ['another value', '--help'];
  const isFlag = Object.hasOwn(flags, key);
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const source = isFlag
    ? `flag ${flag}`
    : file !== undefined && Object.hasOwn(file.values, key)
      ? `file ${file.path}, "${key}"`
      : undefined;
  return {
    option: flag,
    ...(value !== undefined && { value }),
    ...(source !== undefined && { source }),
    expected: expected ?? words,
    example,
  };
}
