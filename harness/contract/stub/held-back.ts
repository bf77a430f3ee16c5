import type { EventEmitter } from 'node:events';
import type { OpenCall } from './recorder.ts';
import type { StubWorld } from './world.ts';

/** Leaves a call without an answer, until the caller leaves or the time is up, and records how long the caller waited. */
export async function heldBack(
  call: EventEmitter,
  { gaveUp }: OpenCall,
  { clock, holdMs, signal }: Pick<StubWorld, 'clock' | 'holdMs' | 'signal'>,
): Promise<void> {
  const began = clock.now();
  const left = new AbortController();
  const leave = (): void => {
    gaveUp(clock.now() - began);
    left.abort(new Error('the caller gave up'));
  };
  call.once('close', leave);
  await clock.sleep(holdMs, AbortSignal.any([signal, left.signal])).catch(() => undefined);
  call.off('close', leave);
}
