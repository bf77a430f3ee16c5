import { BackendError } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import type { Settings } from '../config/settings.ts';
import type { Preflight } from '../model/capture.ts';
import type { SurveyInput } from '../survey/survey-input.ts';

/** The URL of the ingress answers as a trace backend, and no page came from it: the two look swapped. */
export async function looksSwapped(
  { settings, http, clock, signal }: SurveyInput,
  preflight: Preflight,
): Promise<boolean> {
  const answers = preflight.requests.flatMap(({ answer }) => answer ?? []);
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

/** What to do where the URLs look swapped; undefined: they do not. */
export function swappedFix(
  { swapped = false }: { readonly swapped?: boolean },
  { ingress, traceBackend }: Settings,
): string | undefined {
  if (!swapped) return undefined;
  return `the two URLs look swapped: ${ingress.url.origin} answers as a trace backend; try --ingress ${traceBackend.url.origin} --traces ${ingress.url.origin}`;
}
