import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * From here on the process gives memory back early, and takes more time for it. By default V8 lets a heap grow to several
 * times of what is in use, and its space for new objects to 48 MiB: of a process that holds 250 MiB that makes 500 MiB
 * resident. Both limits are read at each collection, so that they may be set at any time (`heap-growing-percent` of V8's
 * memory controller, `semi-space-growth-factor` of its new space). Until the first full collection a limit of some hundred
 * MiB holds in place of them, so there is one at once, and it makes the space for new objects as
 * small as it was at the start: that gives back 30 MiB. Where V8 does not know one of these flags, nothing changes.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('typeof gc === "function" ? gc : undefined');
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' });
}
