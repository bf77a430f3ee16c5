import type { Capture } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';

const HEX = /[0-9a-f]{16,}/gi;
/** Values that a shell could take for something else are quoted; `$NAME` must stay open to expansion. */
const quoted = (text: string) => `"${text.replace(/["`\\]/g, '\\$&')}"`;

/**
 * A command that sends a like probe by hand: the same headers with fresh ids, so that its trace is its own, and the
 * user's secrets as shell variables. undefined where the capture names no ingress that could be called: imported traces have none.
 */
export function curlLine({ run, application }: Capture, { probe }: Exchange): string | undefined {
  const url = URL.parse(application.request.path, run.ingress)?.href;
  if (url === undefined) return undefined;
  const fresh = probe.headers.map(([name, value]): [string, string] => [name, freshValue(name, value)]);
  const host: [string, string][] = run.ingressHost === undefined ? [] : [['host', run.ingressHost]];
  const headers = [...host, ...(run.ingressHeaders ?? []), ...fresh];
  const options = headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ['curl -sS -i', ...options, quoted(url)].join(' ');
}

function freshValue(name: string, value: string): string {
  if (name === 'user-agent') return `hopcheck-by-hand-$(openssl rand -hex 4)`;
  if (name === 'x-client-trace-id') return '$(cat /proc/sys/kernel/random/uuid)';
  return value.replace(HEX, (hex) => `$(openssl rand -hex ${hex.length / 2})`);
}
