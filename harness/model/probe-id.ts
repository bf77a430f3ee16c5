import type { ProbeId } from './exchange.ts';

/** `p001`, `p002`, … */
export function probeId(index: number, prefix = 'p'): ProbeId {
  return `${prefix}${String(index + 1).padStart(3, '0')}`;
}
