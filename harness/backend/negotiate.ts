import { orList } from '../model/or-list.ts';
import { BACKEND_FACTS, BACKEND_PRODUCTS } from '../model/trace-backends.ts';
import { BackendError, type TraceBackend } from './backend.ts';
import { BACKEND_ROWS } from './backends.ts';
import type { JsonReader } from './read-json.ts';

const FACTS = Object.values(BACKEND_FACTS);

/**
 * Finds out, once per run, which API the backend speaks and under which base path: the one given, then `/jaeger`, then
 * none. The rows are asked in their order.
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
      // Nothing under another path will be there when the server itself is not, or refuses every request.
      if (error.code === 'HC701' || error.code === 'HC703') throw error;
      failure ??= error;
    }
  }
  throw failure ?? unknownBackend(url);
}

function basePaths(url: URL): readonly string[] {
  // People paste what the browser shows: a page of the UI.
  const page = FACTS.find(({ uiPages }) => uiPages.test(url.pathname));
  const given = (page === undefined ? url.pathname : url.pathname.replace(page.uiPages, '')).replace(/\/+$/, '');
  // A gateway of OpenShift has a tenant's Tempo below the tenant (docs/facts/jaeger.md#tempo).
  const ofTenant = /\/api\/traces\/v1\/[^/]+$/.test(given) ? [`${given}/tempo`] : [];
  return [...new Set([given, ...ofTenant, ...FACTS.flatMap(({ usualBasePath }) => usualBasePath ?? []), ''])];
}

async function tryBase(baseUrl: URL, reader: JsonReader, signal?: AbortSignal): Promise<TraceBackend | undefined> {
  for (const row of BACKEND_ROWS) {
    const markerSearch = await row.detect(baseUrl, reader, signal);
    if (markerSearch !== undefined) return row.create(baseUrl, reader, markerSearch);
  }
  return undefined;
}

function unknownBackend(url: URL): BackendError {
  const api = `${orList(BACKEND_PRODUCTS.map((product) => `${product}'s`))} query API`;
  return new BackendError('HC702', `${url.origin}${url.pathname} is not ${api}`, {
    expected: `JSON of ${api} at ${orList(FACTS.map(({ asked }) => asked))}`,
    received: 'HTML or other content, also under /jaeger and without a base path',
    hint: "give Jaeger's query URL with its base path, e.g. --traces http://localhost:16686/jaeger",
  });
}
