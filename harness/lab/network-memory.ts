import { type HttpClient, HttpError } from '../http/http.ts';
import { ConnectionError, type Handler, type Network, type WireRequest } from './wire.ts';

/** Direct calls instead of sockets: what a simulated clock needs. `http` reaches everything that listens on it. */
export function memoryNetwork(): Network & { readonly http: HttpClient } {
  const handlers = new Map<string, Handler>();
  let names = 0;
  const call = async (origin: string, request: WireRequest, signal: AbortSignal) => {
    signal.throwIfAborted();
    const handler = handlers.get(origin);
    if (handler === undefined) throw new ConnectionError(`nothing listens at ${origin}`);
    return abortable(handler(request, signal), signal);
  };
  return {
    listen: async (name, handler) => {
      names += 1;
      const origin = `http://${name}-${names}.memory`;
      handlers.set(origin, handler);
      return {
        origin,
        close: async () => {
          handlers.delete(origin);
        },
      };
    },
    call,
    close: async () => handlers.clear(),
    http: {
      send: async ({ url, headers, method, body = '', maxBodyBytes }, signal) => {
        const request: WireRequest = {
          method,
          path: `${url.pathname}${url.search}`,
          headers: [['host', url.host], ...headers.map(([name, value]): [string, string] => [name, value])],
          body,
        };
        try {
          const response = await call(url.origin, request, signal ?? new AbortController().signal);
          if (response.body.length > maxBodyBytes) throw new HttpError('body-too-large', `${url.host} sent too much`);
          return response;
        } catch (error) {
          if (error instanceof ConnectionError)
            throw new HttpError('refused', `${url.host} refused the connection`, { cause: error });
          throw error;
        }
      },
      close: async () => undefined,
    },
  };
}

/** A caller that gives up gets its rejection at once, although the handler goes on and notices in its own time. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}
