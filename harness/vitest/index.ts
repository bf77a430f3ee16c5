/**
 * The public way to write own specs: `import { expect, test } from 'hopcheck/vitest'`. The run has been driven once, by
 * the project's global setup; every test looks at the one report.
 */
import './matchers.ts';
import './trace-matchers.ts';
import { test as base, inject } from 'vitest';
import { CLUSTER_PROMISES, type PromiseId } from '../model/promises.ts';
import type { RunReport } from '../model/report.ts';
import { isAsked, promiseOf } from './matchers.ts';
import { makeTraces, readTraces, type Traces } from './traces.ts';

export { expect } from 'vitest';
export type { SeenCall, SeenSpan, SeenTrace } from '../model/seen-trace.ts';
export type { Traces } from './traces.ts';

declare module 'vitest' {
  interface ProvidedContext {
    hopcheckReport: RunReport;
    /** File that has the traces. */
    hopcheckTraces: string;
  }
}

/** What a test may ask for. */
interface Fixtures {
  /** The run's report. */
  report: RunReport;
  /**
   * The same report, for a test of one promise: marks the test skipped, with the reason, where the promise was skipped, is
   * not supported here or was not asked for, and fails it where it is inconclusive.
   */
  judged: (promise: PromiseId) => RunReport;
  /** The traces of the run, by request. */
  traces: Traces;
}

/** Vitest's `test` with fixtures over the one run of the project: `report`, `judged(promise)` and `traces`. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest finds a fixture's dependencies by this pattern
  report: async ({}, use) => use(inject('hopcheckReport')),
  judged: async ({ skip, report }, use) =>
    use((id) => {
      if (!isAsked(report, id)) {
        const ofCluster = CLUSTER_PROMISES.some((promise) => promise.id === id);
        skip(ofCluster ? 'no cluster was read (--kube)' : 'not asked for: the run has no expectation for this promise');
      }
      const { status, reason } = promiseOf(report, id);
      if (status === 'skipped' || status === 'not-supported') skip(`${status}: ${reason ?? 'no reason given'}`);
      // Nothing is known, so that no expectation may be met by it, not even that a finding is absent.
      if (status === 'inconclusive') throw new Error(`${id} is inconclusive: ${reason ?? 'no reason given'}`);
      return report;
    }),
  traces: async ({ report }, use) => use(makeTraces(readTraces(inject('hopcheckTraces')), report)),
});
