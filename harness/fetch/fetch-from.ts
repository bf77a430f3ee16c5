import { BackendError, type BackendTarget } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import type { HttpClient } from '../http/http.ts';
import type { Application } from '../model/application.ts';
import type { BackendApi } from '../model/capture.ts';
import type { Clock } from '../model/clock.ts';
import { FetchError } from './fetch-error.ts';
import { type Fetched, fetchTraces } from './fetch-traces.ts';
import { type SearchedServices, searchedServices } from './searched-services.ts';

export interface FetchInput {
  readonly target: BackendTarget;
  readonly http: HttpClient;
  readonly application: Application;
  /** As reported → name in the application. */
  readonly names?: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly toMs: number;
  /** Traces of one service at most. */
  readonly most: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress?: (waitingFor: string) => void;
}

export interface FetchedFrom extends Fetched, SearchedServices {
  readonly api: BackendApi;
  /** With the base path that was found. */
  readonly baseUrl: URL;
}

/** Finds out what the backend speaks, and fetches the traces of the application. @throws FetchError */
export async function fetchFrom(input: FetchInput): Promise<FetchedFrom> {
  const { target, http, clock, signal, application, names, onProgress } = input;
  try {
    const backend = await negotiate(target.url, createJsonReader(target, http, clock), signal);
    const found = searchedServices(await backend.services(signal), application, names);
    const fetched = await fetchTraces({
      ...input,
      backend,
      services: found.services,
      onService: (service, nth) => onProgress?.(`traces of ${service} (${nth} of ${found.services.length})`),
    });
    return { ...fetched, ...found, api: backend.api, baseUrl: backend.baseUrl };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    throw new FetchError(error.message, { hint: error.hint, cause: error });
  }
}
