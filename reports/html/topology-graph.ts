import type { SpanDetail } from '../../harness/model/detail.ts';
import type { Finding } from '../../harness/model/finding.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { culpritOf, errorsOf } from '../text/culprit.ts';
import { type FixPlace, fixPlace } from './fix-place.ts';
import { count } from './shared/format.ts';

/**
 * - `whole`: seen wherever it was expected. - `broken`: missing somewhere, or a finding says so. - `tolerated`: wrong, and a
 * person decided that it does not count. - `suspect`: a warning. - `victim`: it follows from a break elsewhere. -
 * `unseen`: no trace let it be expected, so nothing is known. - `unexpected`: called although the definition has no such
 * call.
 */
export type HopState = 'whole' | 'broken' | 'tolerated' | 'suspect' | 'victim' | 'unseen' | 'unexpected';

export interface MapHop {
  readonly caller: string;
  readonly callee: string;
  readonly state: HopState;
  /** `40 of 40`, the code where it is seen and wrong; empty where it was never expected. */
  readonly count: string;
  /** Here, between two services, something has to be changed. */
  readonly fix?: true;
  /** The finding to read about it. */
  readonly finding?: Finding;
}

export interface MapService {
  readonly name: string;
  readonly gateway: boolean;
  readonly state: HopState;
  /** `v1 20 · v2 21`, `130 spans`; of a victim `not reached`. */
  readonly says: string;
  /** Here something has to be changed. */
  readonly fix?: true;
  readonly finding?: Finding;
}

export interface TopologyGraph {
  readonly services: readonly MapService[];
  readonly hops: readonly MapHop[];
}

const WEIGHT = { error: 0, warning: 1, info: 2 } as const;

/** Services and hops with what the report says about each; the worst finding about one is the one to read. */
export function topologyGraph(report: RunReport): TopologyGraph {
  const { hops, promises, versions, detail } = report;
  const findings = promises.flatMap((promise) => promise.findings).toSorted((a, b) => weightOf(a) - weightOf(b));
  const fixes = fixesOf(report);
  const fixOf = (name: string) => fixes.find(({ place }) => 'service' in place && place.service === name)?.finding;
  const mapped = hops.map(({ caller, callee, seen, expected }): MapHop => {
    const finding = findings.find(
      ({ subject, callees = [] }) =>
        (subject.kind === 'hop' && subject.caller === caller && subject.callee === callee) ||
        (subject.kind === 'service' && subject.service === caller && callees.some((one) => one.callee === callee)),
    );
    const follows = finding?.explainedBy !== undefined && finding.waived === undefined;
    const state =
      follows && expected > 0
        ? 'victim'
        : seen < expected || finding?.severity === 'error'
          ? wrong(finding)
          : expected === 0
            ? 'unseen'
            : finding?.severity === 'warning'
              ? 'suspect'
              : 'whole';
    const fix = fixes.some(({ place }) => 'caller' in place && place.caller === caller && place.callee === callee);
    return {
      caller,
      callee,
      state,
      count: countOf(seen, expected, finding),
      ...(fix && { fix: true as const }),
      ...(finding !== undefined && { finding }),
    };
  });
  const known = new Set(hops.map(({ caller, callee }) => `${caller}\n${callee}`));
  for (const finding of findings) {
    const { subject, share } = finding;
    if (subject.kind !== 'hop' || known.has(`${subject.caller}\n${subject.callee}`)) continue;
    known.add(`${subject.caller}\n${subject.callee}`);
    const { caller, callee } = subject;
    mapped.push({ caller, callee, state: 'unexpected', count: `${share.affected} of ${share.of}`, finding });
  }
  const names = [...new Set(mapped.flatMap(({ caller, callee }) => [caller, callee]))];
  const spans = countSpans(detail?.traces.flatMap((trace) => trace.spans) ?? []);
  const elsewhere = countSpans(
    detail?.traces.flatMap(({ fragments }) => fragments.flatMap((fragment) => fragment.spans)) ?? [],
  );
  const services = names.map((name): MapService => {
    const found = findings.find(({ subject }) => subject.kind === 'service' && subject.service === name);
    const fix = fixOf(name);
    const finding = fix ?? found;
    const state = stateOf(finding, fix !== undefined);
    const says =
      state === 'victim'
        ? notReached(finding)
        : versions?.service === name && versions.attempts > 0
          ? Object.entries(versions.counts)
              .map(([version, served]) => `${version} ${served}`)
              .join(' · ')
          : detail === undefined
            ? ''
            : spanText(name, spans, elsewhere);
    return {
      name,
      gateway: name === (detail?.application.gateway ?? hops[0]?.caller),
      state,
      says,
      ...(fix !== undefined && { fix: true as const }),
      ...(finding !== undefined && { finding }),
    };
  });
  return { services, hops: mapped };
}

/** Every error that counts, and the finding that the verdict is about, with the place where something has to be changed. */
function fixesOf(report: RunReport): readonly { readonly place: FixPlace; readonly finding: Finding }[] {
  const culprit = culpritOf(report);
  const all = new Set([...(culprit === undefined ? [] : [culprit]), ...errorsOf(report.promises)]);
  return [...all].flatMap((finding) => {
    const place = finding.explainedBy === undefined ? fixPlace(finding) : undefined;
    return place === undefined ? [] : [{ place, finding }];
  });
}

function stateOf(finding: Finding | undefined, isFix: boolean): HopState {
  if (isFix) return 'broken';
  if (finding?.explainedBy !== undefined) return finding.waived === undefined ? 'victim' : 'tolerated';
  if (finding?.severity === 'error') return wrong(finding);
  return finding?.severity === 'warning' ? 'suspect' : 'whole';
}

/** `not reached`; of a part of the traces, in how many. */
function notReached(finding: Finding | undefined): string {
  const { affected, of } = finding?.share ?? { affected: 0, of: 0 };
  return affected === of ? 'not reached' : `not reached in ${affected} of ${of}`;
}

/** A finding that was waived is shown, and not as what breaks. */
function wrong(finding: Finding | undefined): HopState {
  return finding?.waived === undefined ? 'broken' : 'tolerated';
}

/** A hop that is seen everywhere and still wrong shows what is wrong with it, and how often. */
function countOf(seen: number, expected: number, finding: Finding | undefined): string {
  if (expected === 0) return '';
  return seen === expected && finding?.severity === 'error'
    ? `${finding.code} ${finding.share.affected} of ${finding.share.of}`
    : `${seen} of ${expected}`;
}

/** A finding that counts is read before one that was waived. */
function weightOf({ severity, explainedBy, waived }: Finding): number {
  return WEIGHT[severity] + (explainedBy === undefined ? 0 : -0.5) + (waived === undefined ? 0 : 10);
}

/** `130 spans`; spans found under another trace id are counted separately. */
function spanText(name: string, spans: ReadonlyMap<string, number>, elsewhere: ReadonlyMap<string, number>): string {
  const others = elsewhere.get(name) ?? 0;
  return `${count(spans.get(name) ?? 0, 'span')}${others === 0 ? '' : ` · ${others} elsewhere`}`;
}

function countSpans(spans: readonly SpanDetail[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const { service } of spans) counted.set(service, (counted.get(service) ?? 0) + 1);
  return counted;
}
