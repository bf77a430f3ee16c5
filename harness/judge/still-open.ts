import type { Fact } from '../model/facts/facts.ts';
import type { RunView } from './run-view.ts';

/** Why a promise about traces is not decided: traces with spans that could still change. undefined: there is none. */
export function openTraces({ traces, capture }: RunView): Fact | undefined {
  const open = traces.filter(({ settled }) => settled.reason === 'deadline').length;
  return open === 0 ? undefined : { kind: 'traces-open', traces: open, ...interruption(capture) };
}

/** The same of probes, with or without spans. @param open how many */
export function openProbesFact(open: number, { capture }: RunView): Fact | undefined {
  return open === 0 ? undefined : { kind: 'probes-open', probes: open, ...interruption(capture) };
}

function interruption({ end }: RunView['capture']): { readonly interrupted?: true } {
  return end === 'interrupted' ? { interrupted: true } : {};
}
