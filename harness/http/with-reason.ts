import type { Clock } from '../model/clock.ts';
import { type HttpClient, HttpError } from './http.ts';

/** Why a connection failed since then, where the tunnel knows more than the socket; epoch ms. */
export type ReasonSince = (ms: number) => string | undefined;

/** A client whose failures carry the reason that the tunnel gave: a closed socket knows none. */
export function withReason(client: HttpClient, clock: Clock, reasonSince: ReasonSince | undefined): HttpClient {
  if (reasonSince === undefined) return client;
  return {
    send: async (request, signal) => {
      const startedAtMs = clock.now();
      try {
        return await client.send(request, signal);
      } catch (error) {
        const reason = error instanceof HttpError ? reasonSince(startedAtMs) : undefined;
        if (!(error instanceof HttpError) || reason === undefined) throw error;
        const tls = error.tls === undefined ? {} : { tls: error.tls };
        throw new HttpError(error.kind, `${error.message}: ${reason}`, { cause: error, ...tls });
      }
    },
    close: () => client.close(),
  };
}
