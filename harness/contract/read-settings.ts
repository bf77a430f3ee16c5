import { parseYamlText } from './read-file.ts';
import type { ContractSettings } from './settings.ts';
import { answersSchema, type ContractInput } from './settings-input.ts';
import type { Answers } from './stub/answers.ts';

/** Where answers come from. */
export interface AnswerSources {
  /** Answers of upstreams that hopcheck knows by name, such as those of its reference application. */
  readonly knownAnswers: Answers;
  readonly readFile: (path: string) => string;
}

/** Notes a problem of one key; the value is left out where it may be a secret. */
export type Wrong = (key: string, value: string | undefined, expected?: string) => undefined;

export function readService(
  text: string,
  wrong: Wrong,
): Pick<ContractSettings['service'], 'url' | 'protocol'> | undefined {
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
  const protocol = protocols[scheme as keyof typeof protocols];
  if (protocol === 'grpc' && !/^\/[\w.]+\/\w+$/.test(url.pathname))
    return wrong('service', text, 'the method of gRPC in the path, e.g. grpc://127.0.0.1:50051/shop.Orders/Get');
  return { url, protocol };
}

export function nameOf(url: URL, protocol: string): string {
  const [first = '', method = ''] = url.pathname.split('/').filter((part) => part !== '');
  if (protocol === 'grpc') return (first.split('.').at(-1) ?? method).toLowerCase();
  return /^[\w.-]+$/.test(first) ? first : 'service';
}

export function readUpstreams(
  { upstream = [], upstreams = [] }: ContractInput,
  wrong: Wrong,
): ContractSettings['upstreams'] {
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

export function readEnv({ env = [] }: ContractInput, wrong: Wrong): Readonly<Record<string, string>> {
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

export function readOtlp(
  text: string | true,
  wrong: Wrong,
): { readonly host: string; readonly port: number } | undefined {
  const place = text === true ? { host: '127.0.0.1', port: 0 } : placeOf(text);
  return place ?? wrong('otlp', String(text));
}

export function readAnswers(
  { answers }: ContractInput,
  { readFile, knownAnswers }: Pick<AnswerSources, 'readFile' | 'knownAnswers'>,
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

function readAnswerFile(path: string, readFile: AnswerSources['readFile'], wrong: Wrong) {
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
