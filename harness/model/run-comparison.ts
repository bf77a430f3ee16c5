import type { UnseenReason } from './comparison.ts';
import type { Finding } from './finding.ts';
import type { OutcomeStatus } from './outcome.ts';
import type { PromiseId } from './promises.ts';
import type { ReportedCell, RunReport } from './report.ts';

/** So many of so many. */
export interface ComparedTally {
  readonly affected: number;
  readonly of: number;
}

/** Two shares, and whether chance explains that they differ. */
export interface ComparedShares {
  readonly before: ComparedTally;
  readonly after: ComparedTally;
  readonly pValue: number;
  /** They differ where pValue is below it: 0.01 divided by the number of comparisons of its kind. */
  readonly alpha: number;
}

export interface PromiseChange {
  readonly id: PromiseId;
  /** Absent: that report does not have it. */
  readonly before?: OutcomeStatus;
  readonly after?: OutcomeStatus;
}

/**
 * - `new`, `gone`: in one report, and the other run would have shown it. - `not-seen`: only before, and the later run does
 * not show whether it is gone. - `worse`, `better`: in both, with another share. - `known`: in both.
 */
export type FindingState = 'new' | 'worse' | 'gone' | 'better' | 'not-seen' | 'known';

export interface FindingChange {
  readonly state: FindingState;
  /** As the later report has it; of one that is only in the earlier, as that has it. */
  readonly finding: Finding;
  /** Only where both reports count it. */
  readonly shares?: ComparedShares;
  /** Versions that are affected now and were not before. */
  readonly addedVersions?: readonly string[];
  /** Why the other run does not decide it. */
  readonly why?: UnseenReason;
}

export interface HopChange {
  readonly caller: string;
  readonly callee: string;
  /** `added`, `removed`: a call that one application does not have. `same`: headers may differ. */
  readonly state: 'added' | 'removed' | 'worse' | 'better' | 'same';
  /** Calls that were not seen, of those expected. */
  readonly lost?: ComparedShares;
  readonly headers: readonly {
    readonly header: string;
    readonly before: ReportedCell['cell'];
    readonly after: ReportedCell['cell'];
  }[];
}

export interface VersionChange extends ComparedShares {
  readonly service: string;
  readonly version: string;
  readonly isChanged: boolean;
}

export interface TimingChange {
  readonly name: string;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Two reports of one application, side by side. Everything that both have is listed, changed or not. */
export interface RunComparison {
  readonly before: RunReport;
  readonly after: RunReport;
  /** Nothing differs but times, and counts that chance explains. */
  readonly isSame: boolean;
  readonly promises: readonly PromiseChange[];
  readonly findings: readonly FindingChange[];
  readonly hops: readonly HopChange[];
  readonly versions: readonly VersionChange[];
  /** Never a difference: no two runs take the same time. */
  readonly timings: readonly TimingChange[];
}
