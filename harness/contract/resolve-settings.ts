import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { ALWAYS_WATCHED, headersNamed, requiredByDefault } from './judge/headers.ts';
import { parseYamlText } from './read-file.ts';
import type { ContractSettings } from './settings.ts';
import { answersSchema, CONTRACT_WORDS, type ContractInput, contractInputSchema } from './settings-input.ts';
import type { Answers } from './stub/answers.ts';
import type { GrpcAnswers } from './stub/grpc.ts';
import { wordsOf } from './words.ts';

/** What was given, and where: `flags` count before `file`. */
export interface ContractGiven {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly file?: { readonly path: string; readonly values: Readonly<Record<string, unknown>> };
  readonly cwd: string;
  /** Answers of upstreams that hopcheck knows by name, such as those of Bookinfo. */
  readonly knownAnswers: Answers;
  readonly readFile: (path: string) => string;
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

type Wrong = (key: string, value: string | undefined, expected?: string) => undefined;

function parseInput(given: ContractGiven): ContractInput {
  const merged = { ...given.file?.values, ...given.flags };
  const result = contractInputSchema.safeParse(merged);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.flatMap((issue): ConfigProblem[] => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, given));
      const key = String(issue.path[0] ?? 'service');
      // A header is a secret.
      const shown =
        key === 'header'
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
    example: 'service: http://127.0.0.1:9080/productpage',
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

function readService(text: string, wrong: Wrong): Pick<ContractSettings['service'], 'url' | 'protocol'> | undefined {
  const protocols = { http: 'http/1.1', h2c: 'h2c', grpc: 'grpc' } as const;
  const [, scheme = '', rest = ''] = /^(https?|h2c|grpc|grpcs):\/\/(.*)$/.exec(text) ?? [];
  if (scheme === 'https' || scheme === 'grpcs')
    return wrong(
      'service',
      text,
      'a URL without TLS: in a mesh the sidecar adds TLS, and contract mode has no sidecar',
    );
  if (!Object.hasOwn(protocols, scheme) || !URL.canParse(`http://${rest}`)) return wrong('service', text);
  const url = new URL(`http://${rest}`);
  if (url.username !== '' || url.password !== '')
    return wrong('service', undefined, 'a URL without user and password; --header takes an Authorization header');
  if (url.port === '') url.port = '80';
  const protocol = protocols[scheme as keyof typeof protocols];
  if (protocol === 'grpc' && !/^\/[\w.]+\/\w+$/.test(url.pathname))
    return wrong('service', text, 'the method of gRPC in the path, e.g. grpc://127.0.0.1:50051/shop.Orders/Get');
  // WHATWG drops port 80, which the socket needs.
  return { url, protocol };
}

function nameOf(url: URL, protocol: string): string {
  const [first = '', method = ''] = url.pathname.split('/').filter((part) => part !== '');
  if (protocol === 'grpc') return (first.split('.').at(-1) ?? method).toLowerCase();
  return /^[\w.-]+$/.test(first) ? first : 'service';
}

function readUpstreams({ upstream = [], upstreams = [] }: ContractInput, wrong: Wrong): ContractSettings['upstreams'] {
  const entries: readonly (readonly [string, string])[] = Array.isArray(upstreams)
    ? upstreams.map((text) => split(text))
    : Object.entries(upstreams).map(([name, address]) => [name, address ?? '']);
  const all = upstream.length > 0 ? upstream.map((text) => split(text)) : entries;
  if (all.length === 0)
    wrong('upstream', undefined, 'at least one upstream, because a service that calls none has nothing to forward');
  const names = new Set<string>();
  return all.flatMap(([name, address]) => {
    const place = placeOf(address);
    if (!/^[A-Za-z0-9][\w.-]*$/.test(name) || place === undefined) {
      wrong('upstream', address === '' ? name : `${name}=${address}`);
      return [];
    }
    if (names.has(name)) wrong('upstream', name, 'each upstream once');
    names.add(name);
    return [{ name, ...place }];
  });
}

function split(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** `9081`, `127.0.0.1:9081`, `[::1]:9081`; empty: any port of this machine. */
function placeOf(text: string): { readonly host: string; readonly port: number } | undefined {
  if (text === '') return { host: '127.0.0.1', port: 0 };
  const [, bracketed, plain, digits] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return digits === undefined || port > 65_535 ? undefined : { host: bracketed ?? plain ?? '127.0.0.1', port };
}

function readEnv({ env = [] }: ContractInput, wrong: Wrong): Readonly<Record<string, string>> {
  if (!Array.isArray(env)) return env;
  return Object.fromEntries(
    env.flatMap((text) => {
      const [name, value] = split(text);
      if (/^[A-Za-z_]\w*$/.test(name) && text.includes('=')) return [[name, value] as const];
      // What follows the name may be a secret.
      wrong('env', name);
      return [];
    }),
  );
}

function readOtlp(text: string | true, wrong: Wrong): { readonly host: string; readonly port: number } | undefined {
  const place = text === true ? { host: '127.0.0.1', port: 0 } : placeOf(text);
  return place ?? wrong('otlp', String(text));
}

function readAnswers(
  { answers }: ContractInput,
  { readFile, knownAnswers }: ContractGiven,
  upstreams: ContractSettings['upstreams'],
  wrong: Wrong,
): Answers {
  const known = Object.fromEntries(
    Object.entries(knownAnswers).filter(([name]) => upstreams.some((one) => one.name === name)),
  );
  if (answers === undefined) return known;
  const parsed = typeof answers === 'string' ? readAnswerFile(answers, readFile, wrong) : answers;
  const stray = Object.keys(parsed ?? {}).find((name) => !upstreams.some((one) => one.name === name));
  if (stray !== undefined)
    wrong('answers', stray, `answers of upstreams (${upstreams.map(({ name }) => name).join(', ')})`);
  const own = Object.entries(parsed ?? {}).map(
    ([name, rules]) =>
      [
        name,
        rules.map(({ delay, ...rule }) => ({
          ...withoutUndefined(rule),
          ...(delay !== undefined && { delayMs: delay }),
        })),
      ] as const,
  );
  return { ...known, ...Object.fromEntries(own) };
}

function readAnswerFile(path: string, readFile: ContractGiven['readFile'], wrong: Wrong) {
  try {
    const result = answersSchema.safeParse(parseYamlText(readFile(path)));
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    return wrong(
      'answers',
      path,
      `answers by upstream (${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not such a file'})`,
    );
  } catch (error) {
    return wrong(
      'answers',
      path,
      `a file that can be read (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
