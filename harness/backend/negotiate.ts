import { BackendError, type TraceBackend } from './backend.ts';
import { createLegacyBackend } from './legacy.ts';
import type { JsonAnswer, JsonReader } from './read-json.ts';
import { createV3Backend } from './v3.ts';

/** Istio's Jaeger addon lives under /jaeger (Istio, samples/addons/jaeger.yaml). */
const USUAL_BASE_PATH = '/jaeger';

/**
 * Finds out, once per run, which API the backend speaks and under which base path: the one given, then `/jaeger`, then
 * none. The legacy API is preferred where its search route works, because it reads many ids at once; a newer Jaeger without
 * it speaks v3, and can be searched by marker from 2.19 on.
 * @throws BackendError HC701 not reachable · HC702 not Jaeger · HC703 refused · HC704 does not fit · HC712 errors.
 */
export async function negotiate(url: URL, reader: JsonReader, signal?: AbortSignal): Promise<TraceBackend> {
  let failure: BackendError | undefined;
  for (const path of basePaths(url)) {
    const baseUrl = new URL(url);
    baseUrl.pathname = path;
    try {
      const found = await tryBase(baseUrl, reader, signal);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      // Nothing under another path will be there when the server itself is not, or lets nobody in.
      if (error.code === 'HC701' || error.code === 'HC703') throw error;
      failure ??= error;
    }
  }
  throw failure ?? notJaeger(url);
}

function basePaths(url: URL): readonly string[] {
  // People paste what the browser shows: the UI's own pages lie under /search and /trace/….
  const given = url.pathname.replace(/\/(search|trace\/[^/]*|api(\/.*)?)\/?$/, '').replace(/\/+$/, '');
  return [...new Set([given, USUAL_BASE_PATH, ''])];
}

async function tryBase(baseUrl: URL, reader: JsonReader, signal?: AbortSignal): Promise<TraceBackend | undefined> {
  const at = (path: string) => new URL(`${baseUrl.pathname.replace(/\/+$/, '')}${path}`, baseUrl);
  // The search route itself is asked, for it is the one that newer versions have removed; the service does not exist.
  const search = await reader.get(at('/api/traces?service=hopcheck-negotiation&limit=1&raw=true'), signal);
  if (isEnvelope(search)) return createLegacyBackend(baseUrl, reader);
  const services = await reader.get(at('/api/v3/services'), signal);
  if (!isServices(services)) return undefined;
  const summaries = await reader.get(at(`/api/v3/trace-summaries?${SUMMARIES}`), signal);
  return createV3Backend(baseUrl, reader, hasAttributes(summaries) ? { supported: true } : WITHOUT_ATTRIBUTES);
}

/** A query that finds nothing. */
const SUMMARIES = new URLSearchParams({
  'query.service_name': 'hopcheck-negotiation',
  'query.start_time_min': '2000-01-01T00:00:00Z',
  'query.start_time_max': '2000-01-01T00:00:01Z',
  'query.num_traces': '1',
});
const WITHOUT_ATTRIBUTES = {
  supported: false,
  reason: 'this Jaeger has no legacy search, and it is older than 2.19: its search over /api/v3 knows no attributes',
} as const;

/** The route came with the same version (2.19) as the search by attribute; before it an unknown path is the UI's HTML. */
function hasAttributes({ html, status }: JsonAnswer): boolean {
  return !html && (status === 200 || status === 404 || status === 400);
}

/** `{"data": […], "errors": …}`; an error in it is still Jaeger (docs/facts/jaeger.md#legacy-envelope). */
function isEnvelope({ status, documents: [first] }: JsonAnswer): boolean {
  return status === 200 && typeof first === 'object' && first !== null && 'data' in first && 'errors' in first;
}

/** `{"services": […]}`, or `{}` where there are none yet. */
function isServices({ status, documents: [first] }: JsonAnswer): boolean {
  if (status !== 200 || typeof first !== 'object' || first === null || Array.isArray(first)) return false;
  return Object.keys(first).length === 0 || ('services' in first && Array.isArray(first.services));
}

function notJaeger(url: URL): BackendError {
  return new BackendError('HC702', `${url.origin}${url.pathname} is not Jaeger's query API`, {
    expected: "JSON of Jaeger's query API at /api/traces or /api/v3/services",
    received: 'HTML or other content, also under /jaeger and without a base path',
    hint: "give Jaeger's query URL with its base path, e.g. --jaeger http://localhost:16686/jaeger",
  });
}
