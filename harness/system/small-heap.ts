import { setFlagsFromString } from 'node:v8';

/**
 * From here on the process gives memory back early, and takes more time for it. By default V8 lets a heap grow to several
 * times of what is in use, and its space for new objects to 48 MiB: of a process that holds 250 MiB that makes 500 MiB
 * resident. Both limits are read at each collection, so that they may be set at any time (v8/src/heap: `heap-growing-percent`
 * of the memory controller, `semi-space-growth-factor` of the new space). Where V8 does not know one, nothing changes.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--semi-space-growth-factor=1');
}
