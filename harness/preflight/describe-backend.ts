import type { TraceBackend } from '../backend/backend.ts';
import type { Preflight } from '../model/capture.ts';

/** What a backend is, as preflight keeps it. */
export async function describeBackend(
  backend: TraceBackend,
  signal: AbortSignal,
): Promise<Pick<Preflight, 'api' | 'backendVersion' | 'backendBase' | 'markerSearch' | 'markerSearchReason'>> {
  const version = await backend.version(signal);
  return {
    api: backend.api,
    ...(version !== undefined && { backendVersion: version }),
    backendBase: backend.baseUrl.href.replace(/\/+$/, ''),
    markerSearch: backend.markerSearch.supported ? 'supported' : 'not-supported',
    ...(!backend.markerSearch.supported && { markerSearchReason: backend.markerSearch.reason }),
  };
}
