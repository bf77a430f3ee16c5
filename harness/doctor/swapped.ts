import { BackendError } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import type { Settings } from '../config/settings.ts';
import type { Preflight } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import type { SurveyInput } from '../survey/survey-input.ts';

/** A trace backend answers at the URL of the ingress, and no page came from there. */
export async function isBackendAtIngress(
  { settings, http, clock, signal }: SurveyInput,
  requests: readonly Exchange[],
): Promise<boolean> {
  const answers = requests.flatMap(({ answer }) => answer ?? []);
  if (answers.length === 0 || answers.some(({ page }) => page.whole)) return false;
  const { ingress, timeoutMs, maxBodyBytes } = settings;
  const target = { url: ingress.url, headers: ingress.headers, timeoutMs, maxBodyBytes };
  try {
    await negotiate(ingress.url, createJsonReader(target, http.ingress, clock), signal);
    return true;
  } catch (error) {
    if (error instanceof BackendError && !signal.aborted) return false;
    throw error;
  }
}

/** Of an examination. */
interface Seen {
  readonly backendAtIngress?: boolean;
  readonly preflight: Pick<Preflight, 'api'>;
}

/** A port-forward to the ingress gateway, as an example. */
const SOME_INGRESS = 'http://127.0.0.1:8080';

/** What to do where a trace backend answers at the URL of the ingress; undefined: none does. */
export function backendAtIngressFix(seen: Seen, settings: Settings): string | undefined {
  const instead = urlsInstead(seen, settings);
  if (instead === undefined) return undefined;
  const [at, traces] = [settings.ingress.url.origin, settings.traceBackend.url.origin];
  if (instead.traces === at && at !== traces)
    return `the two URLs look swapped: ${at} answers as a trace backend; try --ingress ${traces} --traces ${at}`;
  const both = at === traces ? `--ingress and --traces are both ${at}, which is` : `--ingress ${at} is`;
  return `${both} a trace backend: set --ingress to the ingress gateway, e.g. --ingress ${instead.ingress}`;
}

/** Both URLs, as they may be meant; undefined: no trace backend answers at the URL of the ingress. */
export function urlsInstead(
  { backendAtIngress = false, preflight: { api } }: Seen,
  { ingress, traceBackend }: Settings,
): { readonly ingress: string; readonly traces: string } | undefined {
  if (!backendAtIngress) return undefined;
  return api === undefined
    ? { ingress: traceBackend.url.origin, traces: ingress.url.origin }
    : { ingress: SOME_INGRESS, traces: traceBackend.url.href.replace(/\/$/, '') };
}
