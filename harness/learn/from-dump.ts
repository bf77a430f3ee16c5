import { learnProcesses } from '../model/naming.ts';
import { httpStatus, isProxySpan, type Span, tag } from '../model/span.ts';
import { byStart, type Trace } from '../model/trace.ts';
import type { AskedRequest, RequestTrace } from './learn-input.ts';
import { gatewaysIn, type NamedRequest, namedRequests } from './names.ts';

/** A dump, parted into requests and the rest. */
export interface PartedDump {
  readonly requests: readonly AskedRequest[];
  readonly traces: readonly RequestTrace[];
  readonly loose: readonly Trace[];
  /** Requests that are in the dump and were not asked for, with how many there are: `POST /api/orders`. */
  readonly passedOver: ReadonlyMap<string, number>;
}

/**
 * Finds the requests of a dump: traces that begin at a gateway. Each method and path is a request. Without a list all GETs are
 * taken, because sending anything else again may do harm.
 * @param asked the only ones that are meant; undefined: all GETs.
 * @param names names in spans → names of the application, as configured.
 */
export function partDump(
  traces: readonly Trace[],
  asked: readonly AskedRequest[] | undefined,
  names: Readonly<Record<string, string>>,
): PartedDump {
  const processes = learnProcesses(
    traces.map(({ spans }) => spans),
    names,
  );
  const named = namedRequests(
    traces.map((trace) => ({ request: '', trace })),
    { services: names, processes },
  );
  const gateways = gatewaysIn(named);
  const found = named.map((request) => ({ trace: request.trace, top: topOf(request, gateways) }));
  const passedOver = new Map<string, number>();
  const requests = new Map((asked ?? []).map((request) => [keyOf(request), request]));
  const own: RequestTrace[] = [];
  const loose: Trace[] = [];
  for (const { trace, top } of found) {
    if (top === undefined) {
      loose.push(trace);
      continue;
    }
    const { method = 'GET', path = '/' } = placeOf(top);
    const key = keyOf({ method, path });
    if (!requests.has(key) && asked === undefined && method === 'GET')
      requests.set(key, { name: nameFor(path, [...requests.values()]), method, path });
    const request = requests.get(key);
    if (request === undefined) passedOver.set(key, (passedOver.get(key) ?? 0) + 1);
    else own.push(requestTrace(request.name, trace, top));
  }
  return { requests: [...requests.values()], traces: own, loose, passedOver };
}

/** The gateway's first span; undefined: the trace does not begin at a gateway. */
function topOf({ made, assembly }: NamedRequest, gateways: ReadonlySet<string>): Span | undefined {
  const [top] = made
    .filter(({ span, workload }) => isProxySpan(span) && gateways.has(workload?.service ?? ''))
    .map(({ span }) => span)
    .toSorted(byStart);
  return top === undefined || assembly.parentOf.has(top) ? undefined : top;
}

/** The parent above the gateway's first span was the client's. A router span has the gateway's other one above it. */
function requestTrace(request: string, trace: Trace, top: Span): RequestTrace {
  const status = httpStatus(top);
  const isRouter = top.kind === 'client' && tag(top, 'user_agent') === undefined;
  return {
    request,
    trace,
    ...(top.parentId !== undefined && !isRouter && { carriedParent: top.parentId }),
    ...(status !== undefined && { status }),
  };
}

function placeOf(top: Span): { readonly method?: string; readonly path?: string } {
  const url = tag(top, 'http.url') ?? '';
  const base = 'http://gateway.invalid';
  return {
    method: tag(top, 'http.method') ?? 'GET',
    path: URL.canParse(url, base) ? new URL(url, base).pathname : '/',
  };
}

function keyOf({ method, path }: Pick<AskedRequest, 'method' | 'path'>): string {
  return `${method} ${path.split('?')[0]}`;
}

/** The last part of the path: `orders` of `/api/orders`. */
export function nameFor(path: string, others: readonly { readonly name: string }[]): string {
  const parts = (path.split('?')[0] ?? '').split('/').map((part) => part.replace(/[^A-Za-z0-9]+/g, '-'));
  const words = parts.map((part) => part.replace(/^-+|-+$/g, '')).filter((part) => part !== '');
  const name = words.at(-1) ?? 'root';
  const isTaken = (one: string) => others.some((other) => other.name === one);
  if (!isTaken(name)) return name;
  const long = words.join('-');
  if (!isTaken(long) && long !== '') return long;
  for (let number = 2; ; number += 1) if (!isTaken(`${name}-${number}`)) return `${name}-${number}`;
}
