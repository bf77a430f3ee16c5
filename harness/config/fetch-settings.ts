import { ConfigError, type ConfigProblem } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import type { OptionName } from './options.ts';
import { readPem } from './pem-files.ts';
import { readProxies } from './proxies.ts';
import { resolveOptions } from './resolve.ts';
import { makeServer } from './server.ts';
import type { Server } from './settings.ts';
import { duration, integer } from './values.ts';

/** What `import --from` asks for, and where. */
export interface FetchSettings {
  readonly server: Server;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** ms from 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Traces of one service at most. */
  readonly most: number;
}

/** How to be let in, and how much is read. */
export const FETCH_OPTIONS = [
  ...(['traces-header', 'traces-user', 'traces-password', 'traces-token', 'traces-ca', 'traces-insecure'] as const),
  ...(['resolve', 'timeout', 'max-body'] as const),
] satisfies readonly OptionName[];

export interface FetchFlags {
  readonly from: string;
  readonly since: string;
  readonly until?: string;
  readonly limit: string;
}

/**
 * @param nowMs the present, which `--since 2h` counts back from.
 * @param newestMs the last time of which all spans have come.
 * @throws ConfigError naming every problem at once.
 */
export function resolveFetch(
  input: ConfigInput,
  { from, since, until, limit }: FetchFlags,
  nowMs: number,
  newestMs: number,
): FetchSettings {
  const asTraces = { ...input, flags: { ...input.flags, traces: from } };
  const { parsed, problems: found } = resolveOptions(asTraces, ['traces', ...FETCH_OPTIONS]);
  const problems: ConfigProblem[] = found.map((one) =>
    one.option === '--traces' ? { ...one, option: '--from', source: 'flag --from', example: EXAMPLE } : one,
  );
  const ca = readPem('traces-ca', parsed, input.readFile, problems);
  const basic = parsed['traces-user'] && {
    user: parsed['traces-user'].value,
    password: parsed['traces-password']?.value ?? '',
  };
  const server = makeServer('traces', parsed.traces?.value, {
    headers: parsed['traces-header']?.value,
    ca,
    insecure: parsed['traces-insecure']?.value,
    resolutions: parsed.resolve?.value ?? [],
    proxies: readProxies(input.env, problems),
    ...(basic !== undefined && { basic }),
    ...(parsed['traces-token'] !== undefined && { token: parsed['traces-token'].value }),
  });
  const fromMs = instant('--since', since, nowMs, problems);
  const toMs = until === undefined ? nowMs : instant('--until', until, nowMs, problems);
  const most = integer(1, MOST).safeParse(limit);
  if (!most.success) problems.push(wrong('--limit', limit, `a whole number from 1 to ${MOST}`, '--limit 1000'));
  if (fromMs !== undefined && toMs !== undefined && fromMs >= Math.min(toMs, newestMs))
    problems.push(
      wrong('--since', since, 'a time before --until, and longer ago than proxies hold spans', '--since 2h'),
    );
  const { timeout, 'max-body': maxBody } = parsed;
  const isWhole = server !== undefined && timeout !== undefined && maxBody !== undefined && most.success;
  if (problems.length > 0 || !isWhole || fromMs === undefined || toMs === undefined) throw new ConfigError(problems);
  return {
    server,
    timeoutMs: timeout.value,
    maxBodyBytes: maxBody.value,
    fromMs,
    toMs: Math.min(toMs, newestMs),
    most: most.data,
  };
}

const MOST = 100_000;
const EXAMPLE = '--from http://127.0.0.1:16686/jaeger';

/** `2h`: so long ago; else ISO 8601 with offset. */
function instant(option: string, text: string, nowMs: number, problems: ConfigProblem[]): number | undefined {
  const ago = duration.safeParse(text);
  if (ago.success) return nowMs - ago.data;
  const atMs = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(atMs)) return atMs;
  const expected = 'a time up to 24h ago with its unit (ms, s, m, h), or ISO 8601 with offset';
  problems.push(wrong(option, text, expected, `${option} 2h or ${option} 2026-11-24T12:00:00Z`));
  return undefined;
}

function wrong(option: string, value: string, expected: string, example: string): ConfigProblem {
  return { option, value, source: `flag ${option}`, expected, example };
}
