import type { Capture } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import { requestOf } from '../model/of-request.ts';

const HEX = /[0-9a-f]{16,}/gi;
const FRESH_AGENT = 'hopcheck-by-hand-$(openssl rand -hex 4)';
const FRESH_UUID = '$(cat /proc/sys/kernel/random/uuid)';
/** Placeholders of secrets, which the person who repeats the command has in variables. */
const PLACEHOLDER = /^\$(?:HOPCHECK|INGRESS|REQUEST)_[A-Z0-9_]+/;

/**
 * A command that sends a like probe by hand: the same headers with fresh ids, so that its trace is its own, and the
 * user's secrets as shell variables. undefined where the capture names no ingress that could be called: imported traces have none.
 */
export function curlLine({ run, application }: Capture, { probe }: Exchange): string | undefined {
  const request = requestOf(application, probe.request) ?? { ...application.request, headerNames: [] };
  const url = URL.parse(request.path, run.ingress)?.href;
  if (url === undefined) return undefined;
  const fresh = probe.headers.map(([name, value]) => `${literal(name)}: ${freshValue(name, value)}`);
  const host = run.ingressHost === undefined ? [] : [`host: ${literal(run.ingressHost)}`];
  const own = (run.ingressHeaders ?? []).map(([name, value]) => `${literal(name)}: ${literal(value)}`);
  // Values and bodies are in no capture: the person who repeats the command has them.
  const named = (request.headerNames ?? []).map((name) => `${literal(name)}: ${placeholderOf(name)}`);
  const options = [...host, ...own, ...named, ...fresh].map((header) => `-H "${header}"`);
  // A capture may be made by anyone, and a method is a word.
  const method = request.method === 'GET' || !/^[A-Z]+$/.test(request.method) ? [] : [`-X ${request.method}`];
  const body = 'hasBody' in request && request.hasBody === true ? ['--data "$REQUEST_BODY"'] : [];
  return ['curl -sS -i', ...method, ...options, ...body, `"${literal(url)}"`].join(' ');
}

function placeholderOf(name: string): string {
  return `$REQUEST_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

function freshValue(name: string, value: string): string {
  if (name === 'user-agent') return FRESH_AGENT;
  if (name === 'x-client-trace-id') return FRESH_UUID;
  return literal(value).replace(HEX, (hex) => `$(openssl rand -hex ${Math.ceil(hex.length / 2)})`);
}

/**
 * Between double quotes a shell takes it as it stands, whatever it is: a capture may be somebody else's, and what an
 * imported one has was in requests and spans. Only placeholders stay open to expansion.
 */
function literal(text: string): string {
  return text.replace(/["`\\]|\$/g, (character, at: number) =>
    character === '$' && PLACEHOLDER.test(text.slice(at)) ? '$' : `\\${character}`,
  );
}
