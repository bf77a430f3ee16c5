import { tracePage } from '../model/backend-pages.ts';
import type { Capture } from '../model/capture.ts';
import type { CurlConnection } from '../model/curl-connection.ts';
import type { Exchange, Probe } from '../model/exchange.ts';
import { FRESH_UUID, freshHex, HEX_FUNCTION } from '../model/fresh-id.ts';
import type { TraceId } from '../model/ids.ts';
import { requestOf } from '../model/of-request.ts';
import { backendPages } from '../model/trace-backends.ts';

const HEX = /[0-9a-f]{16,}/gi;
const FRESH_AGENT = `hopcheck-by-hand-${freshHex(4)}`;
/** Placeholders of secrets, which the person who repeats the command has in variables. */
const PLACEHOLDER = /^\$(?:HOPCHECK|INGRESS|REQUEST)_[A-Z0-9_]+/;

/** As much of a capture as a command needs. */
export interface CurlTarget {
  readonly application: Capture['application'];
  readonly run: Pick<Capture['run'], 'ingress' | 'ingressHost' | 'ingressHeaders' | 'traceBackend'>;
  readonly preflight: Pick<Capture['preflight'], 'api' | 'backendBase'>;
  /** How curl makes the connection that hopcheck makes; absent: by the URL alone. */
  readonly connection?: CurlConnection;
}

/** The steps of a shell that repeat a probe by hand. */
export interface CurlSteps {
  /** Defines what makes fresh ids; absent: nothing needs one. */
  readonly define?: string;
  /** Puts the id of the trace into `$id`; absent: the probe carries none, or the backend has no page of a trace. */
  readonly id?: string;
  readonly command: string;
  /** For double quotes; with `$id` in it. */
  readonly link?: string;
}

/**
 * A command that sends a like probe by hand: the same headers with fresh ids, so that its trace is its own, and the
 * user's secrets as shell variables. Where the probe carries a trace id and the backend has pages, it ends with the link
 * to the trace. undefined where the capture names no ingress that could be called: imported traces have none.
 */
export function curlLine(target: CurlTarget, { probe }: Pick<Exchange, 'probe'>): string | undefined {
  const steps = curlSteps(target, probe);
  if (steps === undefined) return undefined;
  const { define, id, command, link } = steps;
  const shown = link === undefined ? [] : ['echo', `echo "${link}"`];
  return [define, id, command, ...shown].filter((step) => step !== undefined).join('; ');
}

/** The same as steps, each a line of a script. */
export function curlSteps(
  { run, application, preflight, connection }: CurlTarget,
  probe: Exchange['probe'],
): CurlSteps | undefined {
  const request = requestOf(application, probe.request) ?? { ...application.request, headerNames: [] };
  const url = connection?.url.href ?? URL.parse(request.path, run.ingress)?.href;
  if (url === undefined) return undefined;
  const sent = sentTraceId(probe);
  const base = preflight.backendBase ?? run.traceBackend;
  const pages = sent === undefined ? undefined : backendPages(preflight.api, base);
  const names = new Set((request.headerNames ?? []).map((name) => name.toLowerCase()));
  // As it is sent: the request's own `accept` stands in place of hopcheck's (harness/probe/send.ts).
  const carried = probe.headers.filter(([name]) => !(name === 'accept' && names.has(name)));
  const fresh = carried.map(
    ([name, value]) => `${literal(name)}: ${freshValue(name, value, pages === undefined ? undefined : sent)}`,
  );
  const hostHeader = connection === undefined ? run.ingressHost : connection.host;
  const host = hostHeader === undefined ? [] : [`host: ${literal(hostHeader)}`];
  const own = (run.ingressHeaders ?? []).map(([name, value]) => `${literal(name)}: ${literal(value)}`);
  // Values and bodies are in no capture: the person who repeats the command has them.
  const named = (request.headerNames ?? []).map((name) => `${literal(name)}: ${placeholderOf(name)}`);
  const isJson = 'sendsJson' in request && request.sendsJson === true;
  const type = isJson ? ['content-type: application/json'] : [];
  const headers = [...host, ...own, ...named, ...type, ...fresh].map((header) => `-H "${header}"`);
  const options = (connection?.options ?? []).map((word) => (word.startsWith('-') ? word : `"${literal(word)}"`));
  // A capture may be made by anyone, and a method is a word.
  const method = request.method === 'GET' || !/^[A-Z]+$/.test(request.method) ? [] : [`-X ${request.method}`];
  const body = 'hasBody' in request && request.hasBody === true ? ['--data "$REQUEST_BODY"'] : [];
  const command = ['curl -sS -i', ...method, ...options, ...headers, ...body, `"${literal(url)}"`].join(' ');
  const define = command.includes('$(hex ') ? { define: HEX_FUNCTION } : {};
  if (pages === undefined || sent === undefined) return { ...define, command };
  // The place of the id is replaced once all else is literal.
  const link = literal(tracePage(pages, ID_HERE as TraceId)).replace(ID_HERE, '$id');
  return { define: HEX_FUNCTION, id: `id=${freshHex(sent.length / 2)}`, command, link };
}

function placeholderOf(name: string): string {
  return `$REQUEST_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

const ID_HERE = 'trace-id';

/** The trace id as its headers carry it: all of it, or the lower half where it is written short; undefined: in none. */
function sentTraceId({ traceId, headers }: Pick<Probe, 'traceId' | 'headers'>): string | undefined {
  if (traceId === undefined) return undefined;
  const carried = headers.flatMap(([, value]) => value.toLowerCase().match(HEX) ?? []);
  return [traceId, traceId.slice(16)].find((id) => carried.includes(id));
}

/** @param traceId the one that the shell has in `$id`; absent: in none. */
function freshValue(name: string, value: string, traceId?: string): string {
  if (name === 'user-agent') return FRESH_AGENT;
  if (name === 'x-client-trace-id') return FRESH_UUID;
  return literal(value).replace(HEX, (hex) =>
    hex.toLowerCase() === traceId ? '$id' : freshHex(Math.ceil(hex.length / 2)),
  );
}

/**
 * Between double quotes a shell takes it as it stands, whatever it is: a capture may come from another person, and the
 * text of an imported one was in requests and spans. Only placeholders stay open to expansion.
 */
function literal(text: string): string {
  return text.replace(/["`\\]|\$/g, (character, at: number) =>
    character === '$' && PLACEHOLDER.test(text.slice(at)) ? '$' : `\\${character}`,
  );
}
