import { BackendError } from './backend.ts';
import { routeAt } from './backend-row.ts';
import { asObject, hasKey } from './misfit.ts';
import type { JsonReader } from './read-json.ts';

/** `/api/status/buildinfo` (docs/facts/jaeger.md#tempo); undefined: the answer is not there, as behind some gateways. */
export async function readTempoVersion(
  baseUrl: URL,
  reader: JsonReader,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const { status, documents } = await reader.get(routeAt(baseUrl, '/api/status/buildinfo'), signal);
    const [first] = documents;
    if (status !== 200 || !hasKey(first, 'version')) return undefined;
    const { version } = asObject(first, 'answer');
    return typeof version === 'string' && /^v?\d[\w.+-]{0,60}$/.test(version) ? version : undefined;
  } catch (error) {
    // No verdict depends on the version.
    if (error instanceof BackendError && !signal?.aborted) return undefined;
    throw error;
  }
}
