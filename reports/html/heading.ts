import type { RunReport, Verdict } from '../../harness/model/report.ts';
import { importInWords, timesInWords } from '../run-words.ts';
import { isFound, isWaivedPromise, policyInWords, seconds, verdictInWords } from '../words.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { count, grouped } from './shared/format.ts';
import { foreign, prose } from './shared/trace-words.ts';
import { topologyGraph } from './topology-graph.ts';

const SIGNS: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', inconclusive: '?' };

/** The verdict and its sentence, and the figures to know at a glance. */
export function heading(report: RunReport): HtmlElement {
  const { verdict, sentence, run, promises, detail } = report;
  const isSeen = (caller: string, callee: string) =>
    report.hops.some((hop) => hop.caller === caller && hop.callee === callee && hop.seen === hop.expected);
  const expected = topologyGraph(report).hops.filter(({ state }) => state !== 'unseen' && state !== 'unexpected');
  const whole = expected.filter(
    ({ state, caller, callee }) =>
      state === 'whole' || state === 'suspect' || (state === 'victim' && isSeen(caller, callee)),
  );
  const spans = detail?.traces.reduce((sum, trace) => sum + trace.spans.length, 0);
  const imported = importInWords(run);
  const judged = promises.filter(({ status }) => status !== 'skipped' && status !== 'not-supported');
  const waived = judged.filter(isWaivedPromise);
  const held = judged.filter((promise) => promise.status === 'pass' && !isWaivedPromise(promise));
  return h(
    'header',
    { class: `verdict ${verdict}` },
    h('p', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[verdict]),
    h(
      'div',
      { id: 'verdict' },
      h('h1', {}, h('span', { class: 'word' }, verdictInWords(report)), ' ', prose(sentence)),
      h(
        'p',
        { class: 'faint' },
        imported === undefined
          ? ['hopcheck checked ', foreign(run.target.ingress), ` on ${when(run.startedAt)}`]
          : `hopcheck judged ${imported} (first request ${when(run.startedAt)})`,
        `: ${exitInWords(report)}.`,
      ),
      h(
        'ul',
        { class: 'figures' },
        figure(`${held.length} of ${judged.length}`, 'promises judged hold'),
        waived.length > 0 && figure(`${waived.length}`, 'waived'),
        judged.length < promises.length && figure(`${promises.length - judged.length}`, 'not judged'),
        expected.length > 0 && figure(`${whole.length} of ${expected.length}`, 'hops whole'),
        figure(grouped(run.probes), run.contract === undefined ? 'probes' : 'requests'),
        run.contract === undefined
          ? figure(grouped(run.traces), 'traces')
          : figure(grouped(run.contract.calls), 'calls'),
        spans !== undefined && detail?.leftOut.traces === 0 && figure(grouped(spans), 'spans'),
        imported === undefined && run.durationMs > 0 && figure(seconds(run.durationMs), 'in all'),
      ),
    ),
  );
}

/** A signal ends the process with another code; the report keeps that of the verdict. */
function exitInWords(report: RunReport): string {
  const { exitCode } = report;
  return isFound(report, 'HC715')
    ? `exit code ${exitCode} by its verdict, 130 or 143 of the run that a signal ended`
    : `exit code ${exitCode}`;
}

function figure(value: string, name: string): HtmlElement {
  return h('li', {}, h('b', {}, value), ' ', name);
}

/** `2026-01-02 03:04:05 UTC`; text that is not a time stays as it is. */
function when(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const FORMAT_WORDS = {
  own: "the mesh's own",
  carried: 'carried beside it',
  'not-supported': 'not read',
  unknown: 'not known',
} as const;

/** How the run was made, for who has to make it again. */
export function runFacts(report: RunReport): HtmlElement {
  const { run, timings, detail, policy, formats } = report;
  const times = timesInWords(report);
  const { ingress, traceBackend } = run.target;
  const imported = importInWords(run);
  const spoken = `${traceBackend.api}, ${traceBackend.version ?? 'version not reported'}`;
  const purposes = Map.groupBy(detail?.probes ?? [], ({ purpose }) => purpose);
  const facts: readonly (readonly [string, string] | false)[] = [
    imported !== undefined && ['imported', imported],
    ingress !== '' && ['ingress', ingress],
    traceBackend.url !== '' && [
      'trace backend',
      traceBackend.api === undefined ? traceBackend.url : `${traceBackend.url} (${spoken})`,
    ],
    ['run', `${run.id}, started ${when(run.startedAt)}, hopcheck ${run.hopcheck}`],
    purposes.size > 0 && ['probes', [...purposes].map(([purpose, probes]) => `${probes.length} ${purpose}`).join(', ')],
    times.length > 0 && ['time', times.join(', ')],
    imported === undefined && [
      'backend',
      `${count(timings.backendCalls, 'call')}, ${count(timings.polls, 'round')} of reading`,
    ],
    formats.length > 0 && [
      'context formats',
      formats.map(({ format, status, why }) => `${format}: ${FORMAT_WORDS[status]} (${why})`).join('; '),
    ],
    ...(policy === undefined ? [] : policyInWords(policy)),
    detail !== undefined && [
      'application',
      `${detail.application.name}: ${detail.application.request.method} ${detail.application.request.path}`,
    ],
  ];
  return h(
    'section',
    { id: 'run-facts' },
    h('h2', {}, 'The run'),
    h(
      'dl',
      { class: 'facts' },
      facts.filter((fact) => fact !== false).map(([name, value]) => [h('dt', {}, name), h('dd', {}, prose(value))]),
    ),
  );
}
