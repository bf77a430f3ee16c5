import { plural } from '../harness/model/numbers.ts';
import type { RunReport } from '../harness/model/report.ts';
import { isFound, seconds } from './words.ts';

type Run = RunReport['run'];

/** `12 traces imported from 3 files, with a list of requests`; undefined: hopcheck itself sent and collected. */
export function importInWords({ imported }: Run): string | undefined {
  if (imported === undefined) return undefined;
  const { traces, files, requests, complete, searched } = imported;
  if (searched !== undefined)
    return `${counted(traces, 'trace')} of ${searched.from} to ${searched.to}, fetched from the trace backend`;
  const list = requests ? 'with a list of requests' : 'without a list of requests';
  const from = `${counted(traces, 'trace')} imported from ${counted(files, 'file')}`;
  return `${from}, ${list}${complete ? ', declared complete' : ''}`;
}

/** Who was asked, in a line; what an imported run does not know is left out. */
export function targetInWords(run: Run): string {
  const { ingress, traceBackend } = run.target;
  const imported = importInWords(run);
  const parts = [
    ...(imported === undefined ? [] : [imported]),
    ...(ingress === '' ? [] : [ingress]),
    ...(traceBackend.url === '' ? [] : [`traces from ${traceBackend.url}`]),
  ];
  return parts.join(' · ');
}

/** Says what the number on a hop counts, and how many traces are left out of it. */
export function seenInWords({ run, hops }: Pick<RunReport, 'run' | 'hops'>): string {
  const counted = 'the traces that show both halves of the hop, joined, of those in which it is expected.';
  const left = run.traces - hops.reduce((most, { expected }) => Math.max(most, expected), 0);
  if (left <= 0) return counted;
  const are = `${plural(left, 'trace')} of ${run.traces} ${left === 1 ? 'is' : 'are'}`;
  return `${counted} ${are} not counted: of probes that only tried another context format or were forced off, or not settled.`;
}

/** `60 probes`, `60 traces`; of contract mode requests and calls. */
export function runSizeInWords({ probes, traces, contract, among }: Run): readonly string[] {
  if (contract === undefined) return [`${probes} probes`, `${traces} traces`, ...amongInWords(among)];
  return [
    counted(probes, 'request'),
    `${counted(contract.calls, 'call')} of ${contract.upstreams.map(({ name }) => name).join(', ')}`,
  ];
}

/** Where the time went; empty where nothing was sent or waited for, and where the capture was cut before it could say. */
export function timesInWords({
  run,
  timings,
  promises,
}: Pick<RunReport, 'run' | 'timings' | 'promises'>): readonly string[] {
  if (run.imported !== undefined || isFound({ promises }, 'HC711')) return [];
  if (run.contract !== undefined) {
    const { holdMs, start } = run.contract;
    return [
      ...(start === undefined ? [] : [`starting ${seconds(timings.preflightMs)}`]),
      `requests ${seconds(timings.probeMs - holdMs)}`,
      ...(holdMs === 0 ? [] : [`upstreams that do not answer ${seconds(holdMs)}`]),
    ];
  }
  return [
    `preflight ${seconds(timings.preflightMs)}`,
    `probing ${seconds(timings.probeMs)}`,
    `waiting for spans ${seconds(timings.settleMs)}`,
  ];
}

/** `one of 20 targets: α 5e-7, intervals of 99.75 %`; empty where the target was judged alone. */
function amongInWords(among: Run['among']): readonly string[] {
  if (among === undefined) return [];
  const { targets, alpha, confidence } = among;
  return [
    `one of ${targets} targets: α ${Number(alpha.toPrecision(2))}, intervals of ${Number((confidence * 100).toPrecision(6))} %`,
  ];
}

function counted(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
