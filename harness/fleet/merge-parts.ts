import type { Capture, Incident, Part, Preflight, Timings } from '../model/capture.ts';
import type { Exchange, PlannedProbe } from '../model/exchange.ts';
import type { MeshChange } from '../model/mesh-change.ts';

/**
 * One capture of the parts of one target, as if one process had collected all of it: probes, traces and incidents are
 * added up in the order of their answers, and nothing is judged. A part that was collected under other conditions than the
 * first one is in it too, and `differs` says so: the judge decides nothing then (HC727).
 * @param parts at least one, each part once
 */
export function mergeParts(parts: readonly [Capture, ...Capture[]]): Capture {
  const [first, ...others] = parts.toSorted((a, b) => numberOf(a) - numberOf(b)) as [Capture, ...Capture[]];
  if (others.length === 0) return first;
  const all = [first, ...others];
  const exchanges = all.flatMap((part) => part.exchanges).toSorted(byAnswer);
  const order = new Map(exchanges.map(({ probe }, at) => [probe.id, at]));
  const ofProbes = <Item extends { readonly probe: string }>(items: readonly Item[]) =>
    items.toSorted((a, b) => (order.get(a.probe) ?? 0) - (order.get(b.probe) ?? 0));
  const changes = changesOf(all);
  const { changes: _, ...head } = first;
  return {
    ...head,
    run: { ...first.run, startedAt: all.map(({ run }) => run.startedAt).toSorted()[0] ?? first.run.startedAt },
    plan: planOf(all),
    preflight: preflightOf(all),
    exchanges,
    traces: ofProbes(all.flatMap(({ traces }) => traces)),
    fragments: ofProbes(all.flatMap(({ fragments }) => fragments)),
    incidents: incidentsOf(all),
    ...(changes !== undefined && { changes }),
    timings: timingsOf(all.map(({ timings }) => timings)),
    parts: all.flatMap((part) => partsOf(part, first)),
    end: ENDS.find((end) => all.some((part) => part.end === end)) ?? 'complete',
  };
}

/** The worst first. */
const ENDS = ['cut', 'interrupted', 'stopped-in-preflight', 'complete'] as const satisfies readonly Capture['end'][];

function numberOf({ parts }: Capture): number {
  return parts?.[0]?.index ?? 1;
}

/** As one process would have recorded them. */
function byAnswer(a: Exchange, b: Exchange): number {
  const byNumber = a.probe.id.localeCompare(b.probe.id, 'en', { numeric: true });
  return a.answeredAtMs - b.answeredAtMs || a.sentAtMs - b.sentAtMs || byNumber;
}

/** Which request a probe sends only its own part knows. */
function planOf(all: readonly Capture[]): readonly PlannedProbe[] {
  const [first] = all;
  return (first?.plan ?? []).map((probe, at) => {
    const owner = all.find((part) => part.parts?.some(({ index }) => index === probe.part));
    return owner?.plan[at] ?? probe;
  });
}

/** The first part's, with gaps filled by the others. One that was stopped says so for all. */
function preflightOf(all: readonly Capture[]): Preflight {
  const found = all.map(({ preflight }) => preflight);
  const [first, ...others] = found.toSorted(
    (a, b) => Number(a.stopped !== undefined) - Number(b.stopped !== undefined),
  );
  const known: Partial<Preflight> = Object.assign({}, ...others.toReversed(), first);
  const stopped = found.find((preflight) => preflight.stopped !== undefined)?.stopped;
  const clock = widest(found.flatMap(({ spanClock }) => spanClock ?? []));
  const search = (['not-supported', 'unknown', 'supported'] as const).find((one) =>
    found.some(({ markerSearch }) => markerSearch === one),
  );
  const why = found.find(({ markerSearch }) => markerSearch === search)?.markerSearchReason;
  return {
    requests: [],
    spansSeen: {},
    ...known,
    markerSearch: search ?? 'unknown',
    ...(why !== undefined && { markerSearchReason: why }),
    ...(clock !== undefined && { spanClock: clock }),
    ...(stopped !== undefined && { stopped }),
  };
}

type Offset = NonNullable<Preflight['spanClock']>;

/** Parts may run on machines whose clocks differ. */
function widest(clocks: readonly Offset[]): Offset | undefined {
  const beyond = ({ offsetMs, uncertaintyMs }: Offset) => Math.abs(offsetMs) - uncertaintyMs;
  return clocks.toSorted((a, b) => beyond(b) - beyond(a))[0];
}

/** The same trouble in several parts is counted, not repeated. */
function incidentsOf(all: readonly Capture[]): readonly Incident[] {
  const merged = new Map<string, Incident>();
  for (const incident of all.flatMap(({ incidents }) => incidents)) {
    const key = `${incident.code} ${incident.during} ${incident.message}`;
    const before = merged.get(key);
    merged.set(key, before === undefined ? incident : { ...before, times: before.times + incident.times });
  }
  return [...merged.values()];
}

/** undefined: not every part read the cluster twice, and those that did saw no change. */
function changesOf(all: readonly Capture[]): readonly MeshChange[] | undefined {
  const changes = new Map(all.flatMap((part) => part.changes ?? []).map((change) => [JSON.stringify(change), change]));
  const isKnown = all.every((part) => part.changes !== undefined);
  return changes.size > 0 || isKnown ? [...changes.values()] : undefined;
}

/** Parts run beside each other: the longest time counts, and calls add up. */
function timingsOf(all: readonly Timings[]): Timings {
  const longest = (of: (timings: Timings) => number | undefined) => {
    const known = all.flatMap((timings) => of(timings) ?? []);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const sum = (of: (timings: Timings) => number) => all.reduce((total, timings) => total + of(timings), 0);
  const lag = longest(({ longestLagMs }) => longestLagMs);
  const [slowWay] = all.flatMap(({ slowWay }) => slowWay ?? []).toSorted((a, b) => b.wayMs - a.wayMs);
  const away = longest(({ backendAwayMs }) => backendAwayMs);
  return {
    preflightMs: longest(({ preflightMs }) => preflightMs) ?? 0,
    probeMs: longest(({ probeMs }) => probeMs) ?? 0,
    settleMs: longest(({ settleMs }) => settleMs) ?? 0,
    polls: sum(({ polls }) => polls),
    backendCalls: sum(({ backendCalls }) => backendCalls),
    graceMs: longest(({ graceMs }) => graceMs) ?? 0,
    ...(lag !== undefined && { longestLagMs: lag }),
    ...(slowWay !== undefined && { slowWay }),
    ...(away !== undefined && { backendAwayMs: away }),
  };
}

function partsOf(part: Capture, first: Capture): readonly Part[] {
  const differs = part === first ? [] : differences(part, first);
  return (part.parts ?? []).map((one) => ({ ...one, ...(differs.length > 0 && { differs }) }));
}

/** Conditions that all parts must share, or their counts are not of one thing. */
function differences(part: Capture, first: Capture): string[] {
  const isOther = (of: (capture: Capture) => unknown) => {
    const [own, theirs] = [of(part), of(first)];
    return own !== undefined && theirs !== undefined && JSON.stringify(own) !== JSON.stringify(theirs);
  };
  const kinds = ({ plan }: Capture) =>
    plan.map(({ purpose, format, variant, part: of }) => [purpose, format, variant, of]);
  return [
    ...(isOther(({ application }) => application) ? ['application'] : []),
    ...(isOther(({ expectations }) => expectations) ? ['expectations'] : []),
    ...(isOther(kinds) ? ['plan'] : []),
    ...(isOther(({ preflight }) => preflight.format?.value) ? ['context format'] : []),
    ...(isOther(({ preflight }) => preflight.api) ? ['query API of the trace backend'] : []),
    ...(isOther(({ preflight }) => preflight.gatewayProfile?.value) ? ['number of gateway spans'] : []),
  ];
}
