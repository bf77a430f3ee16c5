import { PURE, ROOMS } from './arrows.ts';

/** What each room holds, for docs/architecture.md. The imports come from arrows.ts, which a test enforces. */
const HOLDS: Readonly<Record<string, string>> = {
  'harness/model': 'the words of the house as schemas and types: span, trace, probe, capture, finding, report',
  'harness/stats': 'exact tests, intervals and their power',
  'harness/system': "the machine's clock, retries on it, threads and memory, and the version",
  'harness/definition': 'an application as its users write it down: schema, checks, captures, and what is made of it',
  'harness/applications': 'Bookinfo as data',
  'harness/http': 'one HTTP client with timeouts, TLS and proxies',
  'harness/config': 'the table of options: flag, environment, file, default, and the source of each value',
  'harness/formats': 'one trace context format per file: headers, variants, columns, drivers',
  'harness/diagnose': 'from spans to causes: which hop, which header',
  'harness/learn': 'a definition proposed from traces, and what it changes of another',
  'harness/judge': 'one promise per file, and `judge()`, which joins them',
  'harness/compare': 'two reports of one application, side by side',
  'harness/kube/objects': 'objects of Kubernetes and Istio, as far as they are read',
  'harness/kube/discover': 'where application, ingress and trace backend are',
  'harness/kube/expect': "what to expect, from the mesh's own configuration",
  'harness/kube/contradict': 'what the configuration contradicts',
  'harness/kube/api': 'the API server: reads, rights, errors',
  'harness/kube/connect': 'opens a cluster, and a way to each of its Services',
  'harness/probe': 'the plan; makes probes, and sends each once',
  'harness/backend': 'query APIs of trace backends, one row each, validated at this edge',
  'harness/settle': 'polls until each trace has a reason not to change',
  'harness/preflight': 'checks that a verdict is possible before the plan is sent',
  'harness/capture': 'the capture file: write, read, redact',
  'harness/import': 'makes a capture of saved traces',
  'harness/fetch': 'fetches the traces that a backend has, bounded, for an import',
  'harness/survey': 'from target to capture, on one page',
  'harness/doctor': 'preflight alone, and its meaning for a run',
  'harness/drive': 'one run from settings to report',
  'harness/contract': 'contract mode: stubs of upstreams, the caller, the service as a process',
  'harness/contract/judge': 'from what one service sent on to a judged run; the table of value forms',
  'harness/watch/state': 'where the mesh stands by the runs of a watch: schedule, budget, history, alerts, gate',
  'harness/watch': 'many runs: the loop, the HTTP server and its routes, the files that are kept',
  'harness/fleet': 'the parts of one run, and many targets: merged, judged together, planned, as a Job',
  'harness/vitest': 'fixtures and matchers for own specs',
  'harness/public': 'what the package exports beside them',
  'harness/lab': 'the stand-in: applications, sidecars, Jaeger, faults',
  'harness/cli': 'one command per file',
  'harness/cli/lab': '`lab` and `demo`, which alone load the stand-in',
  'harness/cli/testing': 'calls commands in tests',
  'reports/characters': 'characters of foreign text: shown, escaped, kept together',
  'reports/html/shared': 'parts of the HTML report that run in Node and in the browser',
  'reports/html/page': 'the script of the HTML report, in the browser only',
  'reports/text': "what people read of a judged run: texts of facts, the sentence, the report's strings",
  reports: 'one output format per file',
  specs: 'the promises as Vitest specs, over one run',
  'fixtures/*': 'real Envoy, Kubernetes and Istio for tests; recordings; expected findings of each fault',
  tools: 'checks, generated documents, benchmarks',
};

/**
 * The room table of docs/architecture.md, in Markdown.
 * @throws where a room of arrows.ts has no description here, or a description no room.
 */
export function roomTable(rooms: Readonly<Record<string, readonly string[]>> = ROOMS): string {
  const known = Object.keys(rooms);
  const silent = known.filter((room) => HOLDS[room] === undefined);
  if (silent.length > 0)
    throw new Error(`tools/room-table.ts: HOLDS must describe ${silent.join(', ')}, e.g. 'harness/http': 'one client'`);
  const gone = Object.keys(HOLDS).filter((room) => !known.includes(room));
  if (gone.length > 0)
    throw new Error(`tools/room-table.ts describes ${gone.join(', ')}; tools/arrows.ts has no such room: remove it`);
  const rows = Object.entries(rooms).map(([room, allowed]) =>
    [
      `\`${room}\``,
      HOLDS[room],
      Object.hasOwn(PURE, room) ? 'yes' : '',
      allowed.map(short).join(', ') || 'no other room',
    ].join(' | '),
  );
  return ['| room | holds | pure | may import |', '|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n');
}

const short = (room: string) => `\`${room.replace(/^harness\/(?!\*)/, '')}\``;
