import type { Capture } from '../model/capture.ts';
import { FleetError } from './fleet-error.ts';

/** What is known of a capture by its first record. */
export interface CaptureHead {
  /** Its file, for messages. */
  readonly origin: string;
  /** Captures of one target have the same. */
  readonly key: string;
  /** Of the target, for people. */
  readonly name: string;
  readonly part: { readonly index: number; readonly of: number };
  readonly run: string;
  /** All of its part was collected. */
  readonly isComplete: boolean;
}

/** What a plan wants to have of a target. */
export interface WantedTarget {
  readonly name: string;
  readonly parts: number;
}

/** The captures of one target. */
export interface TargetCaptures {
  readonly name: string;
  readonly of: number;
  /** One for each part that is there, in their order. */
  readonly origins: readonly string[];
}

export function headOf(origin: string, capture: Capture): CaptureHead {
  const { target, parts, run, application, end } = capture;
  const [part] = parts ?? [];
  return {
    origin,
    key: target ?? JSON.stringify([run.ingress, run.ingressHost, run.traceBackend, application.name]),
    name: target ?? (run.ingress === '' ? application.name : (run.ingressHost ?? run.ingress)),
    part: { index: part?.index ?? 1, of: part?.of ?? 1 },
    run: run.id,
    isComplete: end === 'complete',
  };
}

/**
 * Which captures belong together: those of one target, each part once. Of two captures of one part the whole one counts:
 * the other is of a process that was ended, whose part was collected again.
 * @param wanted the targets of a plan, all of which are in the result; absent: the targets of the captures
 * @throws FleetError for captures that are not parts of one plan
 */
export function groupCaptures(
  heads: readonly CaptureHead[],
  wanted?: readonly WantedTarget[],
): readonly TargetCaptures[] {
  const groups = Map.groupBy(heads, ({ key }) => key);
  const found = [...groups.values()].map((own) => groupOf(own));
  if (wanted === undefined) return withUniqueNames(found, heads);
  const known = new Set(wanted.map(({ name }) => name));
  const stray = heads.find(({ key }) => !known.has(key));
  if (stray !== undefined)
    throw new FleetError(
      `${stray.origin} is of the target ${stray.name}, and the plan has no such target; expected one of ${wanted.map(({ name }) => name).join(', ')}`,
    );
  const byName = new Map(found.map((group) => [group.name, group]));
  return wanted.map(({ name, parts }): TargetCaptures => {
    const group = byName.get(name);
    if (group === undefined) return { name, of: parts, origins: [] };
    if (group.of === parts) return group;
    throw new FleetError(
      `${group.origins[0]} is one of ${group.of} parts of ${name}, and the plan wants ${parts}; expected captures that this plan made`,
    );
  });
}

function groupOf(heads: readonly CaptureHead[]): TargetCaptures {
  const [first, ...others] = heads as readonly [CaptureHead, ...CaptureHead[]];
  const other = others.find(({ part }) => part.of !== first.part.of);
  if (other !== undefined)
    throw new FleetError(
      `${first.origin} is part ${partText(first)} and ${other.origin} part ${partText(other)} of ${first.name}; expected parts of one plan, e.g. 1/${first.part.of} and 2/${first.part.of}`,
    );
  const byPart = Map.groupBy(heads, ({ part }) => part.index);
  const indexes = [...byPart.keys()].toSorted((a, b) => a - b);
  return {
    name: first.name,
    of: first.part.of,
    origins: indexes.map((index) => onlyOne(byPart.get(index) ?? []).origin),
  };
}

function onlyOne(same: readonly CaptureHead[]): CaptureHead {
  const whole = same.filter(({ isComplete }) => isComplete);
  const [first, second] = whole.length > 0 ? whole : same;
  if (first === undefined) throw new RangeError('a part without a capture');
  // The same run twice, e.g. by two names of one file.
  if (second === undefined || second.run === first.run) return first;
  throw new FleetError(
    `${first.origin} and ${second.origin} are both part ${partText(first)} of ${first.name}; expected each part once: leave one out, or name the targets with hopcheck run --shard … --target NAME`,
  );
}

/** Two targets behind one ingress differ in what they are asked for. */
function withUniqueNames(groups: readonly TargetCaptures[], heads: readonly CaptureHead[]): readonly TargetCaptures[] {
  const sameName = Map.groupBy(groups, ({ name }) => name);
  const keys = new Map(heads.map(({ origin, key }) => [origin, key]));
  return groups.map((group) => {
    const { name, origins } = group;
    return sameName.get(name)?.length === 1 ? group : { ...group, name: `${name} ${keys.get(origins[0] ?? '') ?? ''}` };
  });
}

function partText({ part: { index, of } }: CaptureHead): string {
  return `${index}/${of}`;
}
