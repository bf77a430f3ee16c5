import type { z } from 'zod';
import type { ConfiguredOption, Sourced } from '../model/capture.ts';
import { AUTO_RATE } from '../model/limits.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { didYouMean } from './did-you-mean.ts';
import { type Found, findOption, nameProblems } from './find-option.ts';
import { ingressOrigin, pathProblem } from './ingress-origin.ts';
import { checkNames, readConfigFile } from './names.ts';
import { KUBE_OPTIONS, type OPTIONS, type OptionName, optionDefinition, RUN_OPTIONS } from './options.ts';
import { readClientCertificate, readPem } from './pem-files.ts';
import { configuredProxies, readProxies } from './proxies.ts';
import { resolutionProblems } from './resolutions.ts';
import { makeServer } from './server.ts';
import type { Settings } from './settings.ts';
import { printable, shown } from './shown.ts';
import { tolerationHint } from './toleration.ts';
import { waitProblems } from './wait-problems.ts';

/** A repeatable option is a list of what its schema gives. */
type ValueOf<Name extends OptionName> = (typeof OPTIONS)[Name] extends { readonly repeatable: true }
  ? readonly z.infer<(typeof OPTIONS)[Name]['schema']>[]
  : z.infer<(typeof OPTIONS)[Name]['schema']>;

type Parsed = { readonly [Name in OptionName]?: Sourced<ValueOf<Name>> };

/**
 * All options: flag > environment > file > discovered > default, each with its source.
 * @throws ConfigError naming every problem at once.
 */
export function resolveSettings(input: ConfigInput): Settings {
  const names = input.discovered === undefined ? RUN_OPTIONS : [...KUBE_OPTIONS, ...RUN_OPTIONS];
  const { parsed, configuration, problems } = resolveOptions(input, names);
  const settings = build(parsed, input, configuration, problems);
  if (settings === undefined || problems.length > 0) throw new ConfigError(problems);
  return frozen(settings);
}

export interface ResolvedOptions {
  readonly parsed: Parsed;
  /** As text with their sources, secrets as placeholders. */
  readonly configuration: ConfiguredOption[];
  readonly problems: ConfigProblem[];
}

/** Some of the options, each checked for itself; a misspelt name is a problem whichever options are asked for. */
export function resolveOptions(input: ConfigInput, names: readonly OptionName[]): ResolvedOptions {
  const problems: ConfigProblem[] = [];
  const file = readConfigFile(input.file, problems);
  checkNames(input, file, problems);
  const configuration: ConfiguredOption[] = [];
  const parsed: Record<string, unknown> = {};
  for (const name of names) {
    problems.push(...nameProblems(name, input, file));
    const found = findOption(name, input, file);
    if (found === undefined) {
      if (optionDefinition(name).required) problems.push(problem(name, undefined, MISSING));
      continue;
    }
    const read = parse(name, found, problems);
    const value = name === 'ingress' && read instanceof URL ? ingressOrigin(read, input.page) : read;
    if (read instanceof URL && value === undefined)
      problems.push(pathProblem(read, input.page, shown(name, read, found.raw), `${found.source} ${found.from}`));
    if (value === undefined) continue;
    parsed[name] = { value, source: found.source, from: found.from };
    configuration.push({ name, value: shown(name, value, found.raw), source: found.source, from: found.from });
  }
  configuration.push(...configuredProxies(input.env));
  return { parsed: parsed as Parsed, configuration, problems };
}

/** The commands that need one of these also take the cluster's. */
const MISSING = 'a value, or --kube to find it in a cluster';

/** The option was given, by flag, environment or file. */
export function isGiven(name: OptionName, input: ConfigInput): boolean {
  const { discovered: _, ...own } = input;
  const found = findOption(name, own, readConfigFile(input.file, []));
  return found !== undefined && found.source !== 'default';
}

/** All the way down, for one part of a run must not change what another goes by. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

function parse(name: OptionName, { raw, source, from }: Found, problems: ConfigProblem[]): unknown {
  const { schema, repeatable, secret } = optionDefinition(name);
  const values = repeatable ? (Array.isArray(raw) ? raw : [raw]) : [raw];
  const results = values.map((value) => {
    // A file has numbers and switches; flags and environment have text.
    const text = typeof value === 'number' ? String(value) : value;
    const result = schema.safeParse(text);
    if (!result.success) {
      const expected = expectedOf(name, result.error.issues, text);
      problems.push(problem(name, secret ? undefined : printable(value), expected, `${source} ${from}`));
    }
    return result.success ? result.data : undefined;
  });
  if (results.includes(undefined)) return undefined;
  return repeatable ? results : results[0];
}

/** The option's own words, and what its schema knows about this very value. */
function expectedOf(name: OptionName, issues: readonly z.core.$ZodIssue[], given: unknown): string {
  const hints = issues.flatMap((issue) => {
    if (issue.code === 'custom') return [issue.params?.hint];
    const near = issue.code === 'invalid_value' ? didYouMean(String(given), issue.values.map(String)) : undefined;
    return near === undefined ? [] : [`perhaps ${near}`];
  });
  if (name === 'tolerate') hints.push(tolerationHint(given));
  return [optionDefinition(name).expected, ...hints.filter((hint) => typeof hint === 'string')].join(', ');
}

function problem(name: OptionName, value: string | undefined, expected?: string, source?: string): ConfigProblem {
  const definition = optionDefinition(name);
  return {
    option: `--${name}`,
    ...(value !== undefined && { value }),
    ...(source !== undefined && { source }),
    expected: expected ?? definition.expected,
    example: definition.example,
  };
}

function build(
  parsed: Parsed,
  input: ConfigInput,
  configuration: readonly ConfiguredOption[],
  problems: ConfigProblem[],
) {
  const ca = (name: 'ingress-ca' | 'traces-ca') => readPem(name, parsed, input.readFile, problems);
  const shared = {
    resolutions: parsed.resolve?.value ?? [],
    proxies: readProxies(input.env, problems),
  };
  const ingress = makeServer('ingress', parsed.ingress?.value, {
    headers: parsed['ingress-header']?.value,
    ca: ca('ingress-ca'),
    insecure: parsed['ingress-insecure']?.value,
    certificate: readClientCertificate(parsed, input.readFile, problems),
    sni: parsed['ingress-sni']?.value,
    ...shared,
  });
  const basic = parsed['traces-user'] && {
    user: parsed['traces-user'].value,
    password: parsed['traces-password']?.value ?? '',
  };
  if (parsed['traces-password'] !== undefined && basic === undefined)
    problems.push(problem('traces-user', undefined, 'a user name beside the password'));
  if (parsed.workers !== undefined && parsed.exclusive?.value !== true)
    problems.push(problem('exclusive', undefined, 'true beside --workers: turns that others take cannot be counted'));
  problems.push(...waitProblems(parsed));
  const traceBackend = makeServer('traces', parsed.traces?.value, {
    headers: parsed['traces-header']?.value,
    ca: ca('traces-ca'),
    insecure: parsed['traces-insecure']?.value,
    ...shared,
    ...(basic !== undefined && { basic }),
    ...(parsed['traces-token'] !== undefined && { token: parsed['traces-token'].value }),
  });
  problems.push(...resolutionProblems(parsed));
  const { format, 'gateway-profile': gatewayProfile, probes, rate, concurrency, timeout } = parsed;
  const { 'flush-interval': flushMs, 'settle-timeout': settle, 'total-timeout': total, 'max-body': maxBody } = parsed;
  if (
    !ingress ||
    !traceBackend ||
    !format ||
    !gatewayProfile ||
    !probes ||
    !rate ||
    !concurrency ||
    !timeout ||
    !flushMs ||
    !settle ||
    !total ||
    !maxBody
  )
    return undefined;
  return {
    ingress: { ...ingress, ...(parsed.host !== undefined && { host: parsed.host.value }) },
    traceBackend,
    format,
    gatewayProfile,
    ...(parsed.shares !== undefined && { shares: parsed.shares }),
    ...(parsed['share-tolerance'] !== undefined && { shareTolerance: parsed['share-tolerance'] }),
    ...(parsed.exclusive?.value === true && parsed.workers !== undefined && { rotatingWorkers: parsed.workers }),
    ...(parsed.sampling !== undefined && { sampling: parsed.sampling }),
    ...(parsed.services !== undefined && { services: parsed.services }),
    probes: probes.value,
    ...(parsed.confirm !== undefined && { confirm: parsed.confirm.value }),
    ...(parsed.undecided !== undefined && { undecided: parsed.undecided.value }),
    rate: rate.value === 'auto' ? AUTO_RATE.from : rate.value,
    ...(rate.value === 'auto' && { adaptsRate: true as const }),
    concurrency: concurrency.value,
    timeoutMs: timeout.value,
    settleTimeoutMs: settle.value,
    totalTimeoutMs: total.value,
    flushMs,
    maxBodyBytes: maxBody.value,
    ...(parsed.wait !== undefined && { waitMs: parsed.wait.value }),
    configuration,
  };
}

/** ms; undefined for a wrong value, which is reported when all options are read. */
export function totalTimeoutOf(input: ConfigInput): number | undefined {
  return resolveOptions(input, ['total-timeout']).parsed['total-timeout']?.value;
}
