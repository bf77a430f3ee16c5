import type { EnvironmentFact, ImportedFact, MeshChangeFact } from '../../harness/model/facts/environment.ts';
import { mappingFor } from '../../harness/model/name-mapping.ts';
import { plural } from '../../harness/model/numbers.ts';
import type { Texts } from './texts.ts';
import { timeText } from './values.ts';

export const ENVIRONMENT_TEXTS: Texts<EnvironmentFact> = {
  'no-trouble': () => 'no trouble',
  'end-record': () => 'a capture with an end record',
  'planned-probes': ({ probes }) => `${plural(probes, 'probe')} and their traces`,
  'ended-after': ({ by, probes, traces }) => {
    const after = `after ${plural(probes, 'probe')} and ${plural(traces, 'trace')}`;
    return by === 'cut' ? `it ends ${after}` : `the run was ended from outside ${after}`;
  },
  'trace-at-rest': () => 'a trace that has stopped changing',
  'open-trace': ({ spans, forgotten }) =>
    spans === 0
      ? 'the trace was not read, or no span arrived'
      : `${plural(spans, 'span')}, ${forgotten ? 'and there may have been more' : 'still changing'}`,
  'trace-in-dump': () => 'its trace in the dump, or a dump declared complete (--complete)',
  'not-in-dump': () => 'its trace is not in the dump, and may be elsewhere',
  'whole-trace': () => 'a whole trace',
  'saved-too-early': ({ spans }) =>
    `${plural(spans, 'span')}; only the newest traces of the dump are not whole: proxies had not sent all their spans`,
  'save-later': () => 'save the dump again, ten seconds or more after the last request',
  'perhaps-cut': ({ spans }) => `exactly ${plural(spans, 'span')}: some backends cut a trace there without a word`,
  'import-complete': () =>
    'save every trace of these requests after the slowest span has arrived, and import with --complete: a trace that is not in the dump then counts as not made',
  'save-whole-trace': () => 'save this trace from a backend that returns all of it',
  'span-identity': () => 'istio.canonical_service, node_id or a service name',
  'no-span-identity': ({ service, operation }) =>
    `service name ${JSON.stringify(service)}, operation ${JSON.stringify(operation)}`,
  'each-span-once': () => 'each span once',
  'copied-spans': ({ copies, spans }) => `${copies} of ${plural(spans, 'span')} are copies`,
  'search-by-tag': () => 'a search by tag',
  'no-search-by-tag': ({ reason }) => reason ?? 'not supported',
  'same-clock': ({ uncertaintyMs }) => `the clock of this machine, ± ${uncertaintyMs} ms`,
  'clock-offset': ({ aheadMs }) => `${Math.abs(aheadMs)} ms ${aheadMs > 0 ? 'ahead of' : 'behind'} it`,
  'spans-in-time': ({ flushMs }) => `spans within ${flushMs} ms of their end`,
  'late-span': ({ lagMs }) => `one took at least ${lagMs} ms`,
  'slow-way': ({ service, wayMs }) =>
    `each span of ${service} took at least ${wayMs} ms, its wait for a flush not counted`,
  'clock-of-services': () => 'the clock of the services behind it',
  'gateway-clock': ({ aheadMs, services }) =>
    `its clock is ${apart(aheadMs)} that of all ${plural(services, 'service')} behind it`,
  'spans-inside-calls': () => 'SERVER spans inside of the calls that they answer',
  'service-clock': ({ aheadMs, gateway }) => `its clock is ${apart(aheadMs)} that of ${gateway}`,
  'other-names': ({ names }) => names.map(({ seen, expected }) => `${seen} in place of ${expected}`).join(', '),
  'map-names': ({ names }) =>
    `check where the calls lead (the selectors of the Services); if both names mean the same, put this into hopcheck.config.json: ${mappingFor(names)}`,
  'every-trace': () => 'a trace of every forced-on probe',
  'traces-kept': ({ kept, of, earliestMs }) =>
    `${kept} of ${of} have a whole trace, the first ${Math.floor(earliestMs / 1000)} s after its answer; the others have not one span`,
  'keep-probes': ({ tag }) =>
    `add this to the policies of tail_sampling in the collector, so that it keeps the probes: {name: hopcheck, type: string_attribute, string_attribute: {key: ${tag}, values: ['^hopcheck-'], enabled_regex_matching: true}}`,
  'same-mesh': () => 'the same mesh from the first request to the last trace',
  'mesh-changes': ({ changes, errors, of }) =>
    [changes.map(changeText).join(', '), ...(errors === 0 ? [] : [`${errors} of ${of} answers show an error`])].join(
      '; ',
    ),
  'mesh-changed': () => 'the mesh changed while it was tested',
  'no-probe-sent': () => 'no probe was sent',
  'no-request-listed': () => 'the list names no request',
  'no-gateway-span': ({ traces, gateway, path, others }) =>
    `none of ${plural(traces, 'trace')} has a span of ${gateway}${others ? ' or of any other gateway' : ''} for ${path}`,
  'run-observed': ({ api, imported, format, gatewaySpans, gateway, settled, probes, backendCalls }) =>
    [
      imported === undefined ? (api ?? 'no trace backend') : importedText(imported),
      ...(format === undefined ? [] : [`context ${format}`]),
      ...(gatewaySpans === undefined ? [] : [plural(gatewaySpans, 'gateway span')]),
      ...(gateway === undefined ? [] : [`gateway ${gateway}`]),
      ...(imported === undefined
        ? [`${settled} of ${plural(probes, 'probe')} settled`, plural(backendCalls, 'backend call')]
        : []),
    ].join(' · '),
};

/** `about 60000 ms ahead of` */
function apart(aheadMs: number): string {
  return `about ${Math.abs(aheadMs)} ms ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
}

/** `10 traces of 1 file · 10 listed requests · 0 foreign traces` */
export function importedText({ traces, files, complete, listed, requests, foreign, searched }: ImportedFact): string {
  return [
    searched === undefined
      ? `${plural(traces, 'trace')} of ${plural(files, 'file')}${complete ? ', declared complete' : ''}`
      : `${plural(traces, 'trace')} of ${plural(searched.services, 'service')} from ${searched.from} to ${searched.to}`,
    ...(searched !== undefined && searched.cut.length > 0
      ? [`the limit of ${plural(searched.limit, 'trace')} a service left out traces of ${searched.cut.join(', ')}`]
      : []),
    listed ? plural(requests, 'listed request') : `${plural(requests, 'request')} found in them`,
    plural(foreign, 'foreign trace'),
  ].join(' · ');
}

const CHANGES = {
  replaced: 'restarted',
  restarted: 'restarted',
  came: 'got another pod',
  gone: 'lost a pod',
  provider: 'tracing was configured anew',
} as const;

/** `reviews v2 restarted at 12:04:07 UTC`, `tracing went from zipkin to otel` */
function changeText({ what, service, version, atMs, before, after }: MeshChangeFact): string {
  const at = atMs === undefined ? '' : ` at ${timeText(atMs)}`;
  const from = before === undefined || before === after ? '' : ` (${before}, then ${after})`;
  const name = [...(service === undefined ? [] : [service]), ...(version === undefined ? [] : [version])];
  return `${[...name, CHANGES[what]].join(' ')}${from}${at}`;
}
