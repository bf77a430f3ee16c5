import type { Settings } from '../config/settings.ts';
import type { Incident } from '../model/capture.ts';
import { CODES } from '../model/codes.ts';
import type { Exchange } from '../model/exchange.ts';
import { rightStatuses } from '../model/of-request.ts';
import type { RunNames } from '../model/run-names.ts';

/** Where no page can come from the ingress, no span is waited for: nothing serves the path, or a trace backend answers. */
export interface RefusesUnserved {
  isBackend(requests: readonly Exchange[], signal: AbortSignal): Promise<boolean>;
}

interface Target {
  readonly settings: Settings;
  readonly names: RunNames;
  readonly refusesUnserved?: RefusesUnserved;
}

/** Why no page can come, by the answers of preflight; undefined: one may, or it is not asked. */
export async function noPageCanCome(
  requests: readonly Exchange[],
  input: Target,
  signal: AbortSignal,
): Promise<Incident | undefined> {
  const { refusesUnserved: refuses, settings, names } = input;
  if (refuses === undefined) return undefined;
  const unserved = notServed(requests, input);
  if (unserved !== undefined || !(await refuses.isBackend(requests, signal))) return unserved;
  const { origin } = settings.ingress.url;
  return {
    code: 'HC104',
    during: 'preflight',
    message: `${origin} answers as a trace backend, and not with the page of ${names.application.name}`,
    hint: CODES.HC104.fix,
    expected: `a page at ${names.application.request.path}`,
    received: 'the answers of a trace backend',
    times: requests.length,
  };
}

/** Every request is answered 404, where another status is right: no route leads to the application. */
function notServed(requests: readonly Exchange[], { settings, names }: Target): Incident | undefined {
  const isUnserved = ({ answer, probe }: Exchange) =>
    answer?.status === 404 && !rightStatuses(names.application, probe).includes(404);
  if (requests.length === 0 || !requests.every(isUnserved)) return undefined;
  const { path } = names.application.request;
  return {
    code: 'HC102',
    during: 'preflight',
    message: `nothing at ${settings.ingress.url.origin} serves ${path}: ${requests.length} of ${requests.length} answers have status 404`,
    hint: CODES.HC102.fix,
    expected: `a page at ${path}`,
    received: 'status 404',
    times: requests.length,
  };
}
