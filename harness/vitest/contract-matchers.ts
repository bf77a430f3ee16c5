import { expect } from 'vitest';
import type { RunReport } from '../model/report.ts';
import { findingText, reportText } from './contract-texts.ts';

/** Which upstreams are meant; absent: all. */
export interface ForwardsTo {
  readonly to?: readonly string[];
}

interface ContractMatchers {
  /**
   * The service passes every required header on to these upstreams, each of which it called. A run that could not decide
   * fails it, too.
   */
  toForwardTraceHeaders: (upstreams?: ForwardsTo) => Promise<void>;
}

declare global {
  // Vitest's own interface for matchers takes other parameters in each major version; Chai's is the same in all of them.
  namespace Chai {
    interface Assertion extends ContractMatchers {}
  }
}

expect.extend({
  async toForwardTraceHeaders(given: RunReport | Promise<RunReport>, { to }: ForwardsTo = {}) {
    const report = await given;
    const known = report.run.contract?.upstreams.map(({ name }) => name) ?? [];
    const asked = to ?? known;
    const strange = asked.find((name) => !known.includes(name));
    if (strange !== undefined)
      throw new Error(`to: expected names of upstreams (${known.join(', ')}), got ${JSON.stringify(strange)}`);
    const findings = report.promises
      .flatMap((promise) => promise.findings)
      .filter((finding) => {
        const isAsked = finding.subject.kind !== 'hop' || asked.includes(finding.subject.callee);
        return isAsked && finding.severity === 'error';
      });
    const called = report.hops.filter(({ callee, seen }) => asked.includes(callee) && seen > 0).length;
    const pass = findings.length === 0 && called === asked.length && asked.length > 0;
    return {
      pass,
      message: () =>
        pass ? `passes on: ${report.sentence}` : [reportText(report), ...findings.map(findingText)].join('\n'),
    };
  },
});
