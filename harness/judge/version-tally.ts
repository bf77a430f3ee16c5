import { type Application, callsFrom } from '../model/application.ts';
import { hopKey } from '../model/expected.ts';
import type { JudgedFinding } from '../model/finding.ts';
import { rounded } from '../model/numbers.ts';
import { type Counted, differingGroups, NAMING_ALPHA } from '../stats/fisher.ts';

/** The version of the caller at which a thing was seen, and how many things there are of each version. */
export interface ByVersion {
  /** Absent: not known. */
  readonly version?: string;
  /** All that make the call. */
  readonly versions: readonly string[];
  readonly of: (version: string) => number;
}

/**
 * Versions of the caller that make this call, with the number of calls of each.
 * @param counts by {@link hopKey}
 * @returns undefined where the application has no versions of the caller
 */
export function byVersionOf(
  application: Application,
  {
    caller,
    callee,
    callerVersion,
  }: { readonly caller: string; readonly callee: string; readonly callerVersion?: string },
  counts: ReadonlyMap<string, number>,
): ByVersion | undefined {
  const versions = callingVersions(application, caller, callee);
  if (versions === undefined) return undefined;
  const of = (version: string) => counts.get(hopKey({ caller, callee, callerVersion: version })) ?? 0;
  return { ...(callerVersion !== undefined && { version: callerVersion }), versions, of };
}

/** Versions of the caller that make this call by the definition; undefined: it has no versions. */
export function callingVersions(
  application: Application,
  caller: string,
  callee: string,
): readonly string[] | undefined {
  return application.services
    .find(({ name }) => name === caller)
    ?.versions?.filter((version) => callsFrom(application, caller, version).some((call) => call.callee === callee));
}

type Result = Pick<JudgedFinding, 'shareByVersion' | 'versionTest'> & {
  /** Versions to name; undefined: nothing was counted by version. */
  readonly named?: readonly string[];
};

/**
 * Counts a finding by versions, and decides which of them to name: all that make the call, where every call of each is
 * affected; else those that differ from the others significantly (harness/stats/fisher.ts). Otherwise none: chance alone
 * chose whose calls were affected.
 */
export class VersionTally {
  readonly #affected = new Map<string, Set<string | number>>();
  #by: ByVersion | undefined;
  #notes = 0;

  /** @param probe counted once; undefined: each note counts */
  add(by: ByVersion, probe: string | undefined): void {
    this.#by ??= by;
    this.#notes += 1;
    if (by.version === undefined) return;
    const probes = this.#affected.get(by.version) ?? new Set();
    this.#affected.set(by.version, probes.add(probe ?? this.#notes));
  }

  /** How many things there are of the versions it is about; undefined: nothing was counted by version. */
  of(): number | undefined {
    const { named = [], shareByVersion } = this.result();
    if (shareByVersion === undefined) return undefined;
    const isMeant = (version: string) => named.length === 0 || named.includes(version) || this.#affected.has(version);
    return Object.entries(shareByVersion).reduce((sum, [version, { of }]) => sum + (isMeant(version) ? of : 0), 0);
  }

  result(): Result {
    const by = this.#by;
    if (by === undefined) return {};
    const table = new Map<string, Counted>();
    for (const version of [...new Set([...by.versions, ...this.#affected.keys()])].toSorted()) {
      const affected = this.#affected.get(version)?.size ?? 0;
      table.set(version, { affected, of: Math.max(affected, by.of(version)) });
    }
    if (table.size === 0) return {};
    const shareByVersion = Object.fromEntries(table);
    const isAll = [...table.values()].every(({ affected, of }) => of > 0 && affected === of);
    if (isAll) return { named: [...table.keys()], shareByVersion };
    const { named, pValue } = differingGroups(table);
    return {
      named,
      shareByVersion,
      versionTest: { method: 'fisher-exact', pValue: rounded(pValue), alpha: NAMING_ALPHA },
    };
  }
}
