import { BACKEND_APIS, type BackendApi } from '../model/capture.ts';
import type { BackendRow } from './backend-row.ts';
import { legacyRow } from './legacy.ts';
import { tempoRow } from './tempo.ts';
import { v3Row } from './v3.ts';
import { zipkinRow } from './zipkin.ts';

/** Every query API, one row each; the ids are in harness/model/capture.ts. */
export const BACKENDS: Readonly<Record<BackendApi, BackendRow>> = {
  'jaeger-legacy': legacyRow,
  'jaeger-v3': v3Row,
  zipkin: zipkinRow,
  tempo: tempoRow,
};

/** In the order in which a server is asked for them, and a file is read as theirs. */
export const BACKEND_ROWS: readonly BackendRow[] = BACKEND_APIS.map((api) => BACKENDS[api]);
