import type { Caller, CallerOptions } from './caller.ts';
import { http1Caller } from './http1.ts';
import { http2Caller } from './http2.ts';

/** Over the protocol of the service. */
export function createCaller(options: CallerOptions): Caller {
  return options.protocol === 'http/1.1' ? http1Caller(options) : http2Caller(options);
}
