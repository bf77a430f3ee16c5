/**
 * What a run of so many probes is able to find: said before it sends any, and again in its report. Shares, rates and
 * probabilities are 0–1.
 */
export interface Sensitivity {
  /** With this probability what is named below as found is found. */
  readonly power: number;
  readonly hops: HopSensitivity;
  /** Absent where no service has several versions that are expected. */
  readonly shares?: ShareSensitivity;
  /** Absent where no sampling rate is configured. */
  readonly rate?: RateSensitivity;
}

/** Faults that hit each request on its own, with some probability: a hop that drops the context now and then. */
export interface HopSensitivity {
  /** Probes whose traces are looked at on any mesh: forced on, in the mesh's own format. */
  readonly probes: number;
  /** For every call of the application, with which probability it is found when 1 in 20, 1 in 100 requests fail. */
  readonly calls: readonly HopDetection[];
}

export interface HopDetection {
  readonly caller: string;
  readonly callee: string;
  /** Probability that a request makes this call at all. */
  readonly crossing: number;
  readonly oneIn20: number;
  readonly oneIn100: number;
}

export interface ShareSensitivity {
  readonly service: string;
  readonly attempts: number;
  /** How far from the expected one a share counts as right. */
  readonly tolerance: number;
  /** True shares up to `below`, and from `above` on, are called off. */
  readonly versions: Readonly<
    Record<string, { readonly expected: number; readonly below?: number; readonly above?: number }>
  >;
  /** Attempts after which a version that is never served is told from one that had bad luck. */
  readonly neededForMissing: number;
}

/** What the test of the sampling rate finds. */
export interface RateSensitivity {
  readonly expected: number;
  readonly undecided: number;
  /** Rates it must tell from the expected one, to hold: half of it and twice it. */
  readonly tells: readonly number[];
  /** So many undecided probes tell them; absent: more than a run sends. */
  readonly needed?: number;
  readonly enough: boolean;
  /** These probes find a true rate up to `below` and from `above` on; absent: none. */
  readonly below?: number;
  readonly above?: number;
}
