import type { Preflight } from '../model/capture.ts';

/** The ingress stopped it: no span was waited for. */
export function isBeforeSending({ stopped }: Preflight): boolean {
  return stopped?.code === 'HC708' || isUnserved(stopped);
}

/** What is not known rests on something above that failed. */
export function whyUnknown({ stopped, api }: Preflight): string {
  if (stopped?.code === 'HC708') return 'the ingress does not answer';
  if (isUnserved(stopped)) return 'nothing serves the page, so that no span was waited for';
  return api === undefined
    ? 'the trace backend was not reached'
    : 'no forced-on trace came, or the trace backend could not be asked';
}

/** No page can come from the ingress: nothing serves the path, or a trace backend answers there. */
export function isUnserved(stopped: Preflight['stopped']): boolean {
  return stopped?.code === 'HC102' || stopped?.code === 'HC104';
}
