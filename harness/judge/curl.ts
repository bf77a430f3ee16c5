import type { Capture } from '../model/capture.ts';
import { curlConnection } from '../model/curl-connection.ts';
import type { Exchange } from '../model/exchange.ts';

const HEX = /[0-9a-f]{16,}/gi;
/** Values that a shell could take for something else are quoted; `$NAME` must stay open to expansion. */
const quoted = (text: string) => `"${text.replace(/["`\\]/g, '\\$&')}"`;

/**
 * A command that sends a like probe by hand: the same headers with fresh ids, so that its trace is its own, and the
 * user's secrets as shell variables. undefined where the capture names no ingress that could be called: imported traces have none.
 */
export function curlLine({ run, application, configuration }: Capture, { probe }: Exchange): string | undefined {
  const page = URL.parse(application.request.path, run.ingress);
  if (page === null) return undefined;
  const { url, host, options } = curlConnection(page, run.ingressHost, configuration);
  const fresh = probe.headers.map(([name, value]): [string, string] => [name, freshValue(name, value)]);
  const hosts: [string, string][] = host === undefined ? [] : [['host', host]];
  const headers = [...hosts, ...(run.ingressHeaders ?? []), ...fresh].map(
    ([name, value]) => `-H ${quoted(`${name}: ${value}`)}`,
  );
  const connection = options.map((text) => (/^[\w./:@%+=,-]+$/.test(text) ? text : quoted(text)));
  return ['curl -sS -i', ...connection, ...headers, quoted(url.href)].join(' ');
}

function freshValue(name: string, value: string): string {
  if (name === 'user-agent') return `hopcheck-by-hand-$(openssl rand -hex 4)`;
  if (name === 'x-client-trace-id') return '$(cat /proc/sys/kernel/random/uuid)';
  return value.replace(HEX, (hex) => `$(openssl rand -hex ${hex.length / 2})`);
}
