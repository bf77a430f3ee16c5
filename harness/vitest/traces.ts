import { readFileSync } from 'node:fs';
import { titleNow } from '../../reports/text/titles.ts';
import type { RunReport } from '../model/report.ts';
import type { SeenTrace } from '../model/seen-trace.ts';

/** The traces of the run, for specs. */
export interface Traces {
  /**
   * Those of one request, by its name in the definition, in sending order: one per probe that had to be traced, whether or
   * not a span of it came, and one per probe that the mesh chose to trace.
   * @throws Error where the definition has no such request, and where the run has no trace of it: a test must not pass on
   * nothing.
   */
  of(request: string): readonly SeenTrace[];
  /** Of all requests. Empty where the run has none: an assertion of an empty list fails. */
  readonly all: readonly SeenTrace[];
}

/** What the setup keeps for the tests, in one file. */
export interface KeptTraces {
  readonly requests: readonly string[];
  readonly traces: readonly SeenTrace[];
}

export function readTraces(path: string | undefined): KeptTraces {
  if (path === undefined)
    throw new Error(
      "the setup of this project keeps no traces: expected globalSetup: ['hopcheck/vitest/setup'] in vitest.config.ts",
    );
  return JSON.parse(readFileSync(path, 'utf8')) as KeptTraces;
}

export function makeTraces({ requests, traces }: KeptTraces, report: RunReport): Traces {
  return {
    all: traces,
    of(request) {
      if (!requests.includes(request))
        throw new Error(
          `the definition has no request ${JSON.stringify(request)}; expected one of ${requests.join(', ')}, e.g. traces.of(${JSON.stringify(requests[0] ?? 'home')})`,
        );
      const own = traces.filter((trace) => trace.request === request);
      if (own.length === 0) throw new Error(`inconclusive: the run has no trace of ${request}. ${whyNone(report)}`);
      return own;
    },
  };
}

/** The environment says why a run could not see anything; else its one sentence does. */
function whyNone({ promises, sentence }: RunReport): string {
  const environment = promises.find(({ id, status }) => id === 'environment' && status === 'inconclusive');
  return environment?.reason === undefined ? sentence : `${titleNow(environment)}: ${environment.reason}`;
}
