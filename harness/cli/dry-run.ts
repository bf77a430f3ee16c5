import { safeText } from '../../reports/characters/safe-text.ts';
import { sensitivityLines } from '../../reports/sensitivity.ts';
import { wrap, wrapCommand } from '../../reports/wrap.ts';
import { checkAgainst } from '../config/check-against.ts';
import { expectationsOf } from '../config/expectations.ts';
import { proxyInWords } from '../config/proxies.ts';
import type { Server, Settings } from '../config/settings.ts';
import { checkPlan } from '../drive/check-plan.ts';
import { formatToSend, MESH_FORMATS } from '../formats/formats.ts';
import { sampleOf, sensitivityOf } from '../judge/sensitivity.ts';
import type { Application } from '../model/application.ts';
import { curlConnection } from '../model/curl-connection.ts';
import { AUTO_RATE, callAllowance, LATE_REQUESTS, PREFLIGHT_REQUESTS, WAIT_EVERY_MS } from '../model/limits.ts';
import { dialled } from '../model/proxies.ts';
import { makeProbe } from '../probe/make-probe.ts';
import { cryptoRandom } from '../probe/random.ts';
import type { CommandContext } from './context.ts';
import { expectRows, type ReadCluster } from './dry-run-cluster.ts';
import { shellQuote, shellWord } from './output.ts';
import type { RunOutput } from './run-output.ts';

/** What `--dry-run` prints: what would be sent where, and how much. Sends nothing. */
export function describeRun(
  settings: Settings,
  { application: { definition }, plan: planOf }: Pick<CommandContext, 'application' | 'plan'>,
  { flags, capture }: { readonly flags: Pick<RunOutput['flags'], 'report'>; readonly capture?: string },
  columns: number,
  cluster?: ReadCluster,
): string {
  const plan = planOf(settings.probes, settings.undecided);
  checkAgainst(settings, definition);
  checkPlan(settings, plan);
  const counts = [...Map.groupBy(plan, ({ purpose }) => purpose)].map(
    ([purpose, probes]) => `${probes.length} ${purpose}`,
  );
  const { ingress, traceBackend, rate, concurrency, waitMs, flushMs, settleTimeoutMs, totalTimeoutMs } = settings;
  const url = new URL(definition.request.path, ingress.url);
  const format = formatToSend(settings.format.value === 'auto' ? undefined : settings.format.value);
  const probe = makeProbe('p001', 'forced-on', format, 'dry-run', cryptoRandom);
  const own = ingress.headers.map(([name], index) => `${name}: ${ingress.placeholders[index] ?? '…'}`);
  const connection = curlConnection(url, ingress.host, settings.configuration);
  const host = connection.host === undefined ? [] : [`host: ${connection.host}`];
  const headers = [...host, ...own, ...probe.headers.map(([name, value]) => `${name}: ${value}`)];
  const others = (definition.requests ?? []).length - 1;
  const several = others < 1 ? '' : ` and ${others} other ${others === 1 ? 'request' : 'requests'}, in turn`;
  const reach = sensitivityOf(definition, expectationsOf(settings, definition), sampleOf(plan, format));
  const rows: readonly (readonly [string, string])[] = [
    ...requestRows(definition, ingress.url),
    [
      'send',
      `${plan.length} ${definition.request.method} ${url.href}${several} (${counts.join(', ')}), and ${PREFLIGHT_REQUESTS} before them in preflight (${PREFLIGHT_REQUESTS + LATE_REQUESTS} where spans come late)`,
    ],
    ...(settings.confirm === undefined
      ? []
      : [['confirm', `with ${settings.confirm} more, once, where a limit of --max is not decided`] as const]),
    ...wayRows('ingress', ingress),
    ...wayRows('traces', traceBackend),
    [
      'pace',
      settings.adaptsRate === true
        ? `${rate} a second at the start, at most ${AUTO_RATE.most}, and ${concurrency} at a time: ${Math.ceil(plan.length / AUTO_RATE.most)} s or more`
        : `at most ${rate} a second and ${concurrency} at a time: ${Math.ceil(plan.length / rate)} s or more`,
    ],
    [
      'read',
      `from ${traceBackend.url.href}, at most ${callAllowance(plan.length)} calls, ${callAllowance(plan.length + LATE_REQUESTS)} where spans come late (GET only)`,
    ],
    [
      'wait',
      `for spans ${flushMs.value / 1000} s (flush interval) and more, at most ${settleTimeoutMs / 1000} s after the last answer; the whole run at most ${totalTimeoutMs / 1000} s`,
    ],
    ...(waitMs === undefined
      ? []
      : [
          [
            'before',
            `wait up to ${waitMs / 1000} s for ingress, trace backend and services, a request every ${WAIT_EVERY_MS / 1000} s`,
          ] as const,
        ]),
    [
      'context',
      settings.format.value === 'auto' ? `${MESH_FORMATS.join(' or ')}, as preflight finds out` : settings.format.value,
    ],
    ...expectRows(settings, cluster),
    [
      'write',
      [
        ...flags.report.map((text) => `report ${text}`),
        ...(capture === undefined ? [] : [`capture to ${capture}`]),
      ].join(', ') || 'nothing but the terminal report',
    ],
  ];
  const words = [
    ...connection.options.map(shellWord),
    ...headers.map((header) => `-H ${shellQuote(header)}`),
    shellQuote(connection.url.href),
  ];
  const command = `curl -sS -i ${words.join(' ')}`;
  const row = ([name, text]: readonly [string, string]) => wrap(safeText(text, 2000), columns, `  ${name.padEnd(8)} `);
  return [
    'nothing is sent: --dry-run',
    ...rows.flatMap(row),
    '  what such a run can find:',
    ...sensitivityLines(reach, columns),
    '  one of the forced-on probes, with its ids:',
    ...wrapCommand(safeText(command, 4000), columns, '    '),
    '',
  ].join('\n');
}

/** Each of several requests, without what its headers and its body hold. */
function requestRows({ requests = [] }: Application, ingress: URL): (readonly [string, string])[] {
  if (requests.length < 2) return [];
  return requests.map(({ name, method, path, headerNames = [], hasBody }) => {
    const parts = [...headerNames, ...(hasBody === true ? ['a body'] : [])];
    const beside = parts.length === 0 ? '' : ` with ${parts.join(', ')}`;
    return ['request', `${name}: ${method} ${new URL(path, ingress).href}${beside}`];
  });
}

/** How a server is reached, where that is not just its URL. */
function wayRows(
  what: string,
  { url, address, sni, certificate, proxies = {} }: Server,
): (readonly [string, string])[] {
  const parts = [
    ...(address === undefined ? [] : [`dialled at ${address}`]),
    ...(sni === undefined ? [] : [`TLS name ${sni}`]),
    ...(certificate === undefined ? [] : ['with a client certificate']),
    ...((proxies.http ?? proxies.https) === undefined ? [] : [proxyInWords(dialled(url, address), proxies)]),
  ];
  return parts.length === 0 ? [] : [['way', `${what}: ${parts.join(', ')}`]];
}
