import { describe, expect, it } from 'vitest';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import type { HttpClient, HttpResponse } from '../http/http.ts';
import { labOptions } from '../lab/options.ts';
import { type Random, seededRandom } from '../lab/random.ts';
import { startStandin } from '../lab/standin.ts';
import { makePlan } from '../probe/plan.ts';
import { survey } from './survey.ts';

/**
 * Harms that a backend, or a proxy before it, may do to an answer. None of them looks like a smaller answer that is
 * right.
 */
const HARMS: readonly ((answer: HttpResponse, random: Random) => HttpResponse)[] = [
  (answer, random) => ({ ...answer, body: answer.body.slice(0, random.below(answer.body.length + 1)) }),
  (answer) => ({ ...answer, body: '<!doctype html><title>Sign in</title>' }),
  (answer) => ({ ...answer, status: 500, body: 'oops' }),
  (answer) => ({ ...answer, status: 429, body: '' }),
  (answer) => ({ ...answer, body: '' }),
  (answer) => ({ ...answer, body: 'null' }),
  (answer) => ({ ...answer, body: '[[[[]]]]' }),
  (answer) => ({ ...answer, body: answer.body.replaceAll('"startTime":', '"startTime":"x","was":') }),
  (answer) => ({ ...answer, body: answer.body.replaceAll('"spanID":"', '"spanID":"zz') }),
  (answer) => ({ ...answer, body: answer.body.replaceAll('"references":[', '"references":[null,') }),
  (answer) => ({ ...answer, body: answer.body.replaceAll('"processes":{', '"processes":{"p9":7,') }),
  (answer) => ({ ...answer, body: answer.body.replaceAll('"data":[', '"data":[{"spans":{}},') }),
];

describe('a healthy mesh behind a backend that answers badly', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'is never accused, and never makes the run crash (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      await using lab = await startStandin(
        labOptions({ clock: new SimulatedClock(), network: 'memory', seed, jaeger: seed % 2 === 0 ? '1.76' : '2.13' }),
      );
      const http = lab.http!;
      const share = [0.05, 0.3, 0.8][seed % 3] ?? 0;
      let calls = 0;
      const hostile: HttpClient = {
        ...http,
        send: async (request, signal) => {
          const answer = await http.send(request, signal);
          calls += 1;
          // The first answers are right, or nothing would begin.
          return calls > 3 && random.next() < share ? HARMS[random.below(HARMS.length)]!(answer, random) : answer;
        },
      };
      const capture = await survey({
        settings: testSettings(lab.ingressUrl, lab.jaegerUrl, { settleTimeoutMs: 30_000 }),
        application: bookinfo,
        plan: makePlan(60),
        clock: lab.options.clock,
        http: { ingress: http, traceBackend: hostile },
        signal: new AbortController().signal,
      });
      const report = reportOf(capture);
      const accused = report.promises.flatMap(({ findings }) =>
        findings.filter(({ code, severity }) => severity === 'error' && !code.startsWith('HC7')),
      );
      expect(accused.map(({ code, received }) => `${code} ${received}`)).toEqual([]);
      expect(report.verdict).not.toBe('fail');
      // It did harm, and was noticed.
      if (share > 0.5) expect(report.promises[0]?.findings.some(({ code }) => code.startsWith('HC7'))).toBe(true);
      // A pass is only one when every trace was read.
      if (report.verdict === 'pass') expect(capture.traces.every(({ reason }) => reason !== 'deadline')).toBe(true);
    },
  );
});
