import type { ConfigInput } from './config-input.ts';
import { resolveOptions } from './resolve.ts';

/** ms; undefined where what was given is wrong, which is told when all options are read. */
export function totalTimeoutOf(input: ConfigInput): number | undefined {
  return resolveOptions(input, ['total-timeout']).parsed['total-timeout']?.value;
}
