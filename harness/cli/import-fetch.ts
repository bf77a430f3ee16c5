import { ConfigError } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { type FetchFlags, type FetchSettings, resolveFetch } from '../config/fetch-settings.ts';
import { secretsOfServers } from '../config/server.ts';
import { fetchFrom } from '../fetch/fetch-from.ts';
import { createHttpClient } from '../http/undici-client.ts';
import { MARGIN_MS } from '../model/limits.ts';
import type { CommandContext } from './context.ts';
import type { Dump } from './dump-files.ts';
import { endingOf } from './ending.ts';
import { progressOn } from './output.ts';

/** How long proxies hold spans where no one says (docs/facts/envoy.md#flush), ms. */
const FLUSH_MS = 5000;

/** The flags of a fetch; undefined: files are read. @throws ConfigError where both are given. */
export function fetchFlags(
  paths: readonly string[],
  flags: Partial<FetchFlags> & { readonly since: string; readonly limit: string; readonly complete?: true },
): FetchFlags | undefined {
  const { from, since, until, limit } = flags;
  if (from === undefined) return undefined;
  const example = 'hopcheck import --from http://127.0.0.1:16686 --since 2h';
  const given = { option: '--from', example, value: from, source: 'flag --from' };
  if (paths.length > 0) throw new ConfigError([{ ...given, expected: 'no file beside it: one import has one origin' }]);
  if (flags.complete === true)
    throw new ConfigError([{ ...given, expected: 'no --complete beside it: a search does not show every trace' }]);
  return { from, since, limit, ...(until !== undefined && { until }) };
}

/** `jaeger.example.imported.capture` */
export function fetchedName(from: string): string {
  const host = URL.canParse(from) ? new URL(from).hostname : '';
  return `${host.replace(/[^\w.-]/g, '') || 'fetched'}.imported.capture`;
}

/** Newer traces may still be coming: they are left out. */
export function readFetch(input: ConfigInput, flags: FetchFlags, nowMs: number): FetchSettings {
  return resolveFetch(input, flags, nowMs, nowMs - FLUSH_MS - MARGIN_MS);
}

/** @throws FetchError; EndedError when a signal comes first, with nothing written. */
export async function fetchDump(
  { server, timeoutMs, maxBodyBytes, fromMs, toMs, most }: FetchSettings,
  names: Readonly<Record<string, string>> | undefined,
  context: CommandContext,
): Promise<Dump> {
  const { io, clock, application } = context;
  const progress = progressOn(context);
  const http = (io.createClient ?? createHttpClient)(server);
  using ending = endingOf(context, 'ending; nothing is written');
  try {
    const from = await fetchFrom({
      target: { url: server.url, headers: server.headers, timeoutMs, maxBodyBytes },
      http,
      application: application.definition,
      ...(names !== undefined && { names }),
      fromMs,
      toMs,
      most,
      clock,
      signal: ending.signal,
      onProgress: (waitingFor) => progress.event({ phase: 'fetch', waitingFor }),
    });
    const iso = (ms: number) => new Date(ms).toISOString();
    return {
      traces: from.traces.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      files: 0,
      passedOver: [],
      isCut: false,
      origin: {
        searched: {
          from: iso(fromMs),
          to: iso(toMs),
          services: from.services,
          missing: from.missing,
          limit: most,
          cut: from.cut.map((one) => ({ service: one.service, from: iso(one.fromMs), to: iso(one.toMs) })),
        },
        api: from.api,
        baseUrl: from.baseUrl,
        secrets: secretsOfServers([server]),
      },
    };
  } finally {
    progress.end();
    await http.close();
  }
}
