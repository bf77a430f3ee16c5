import { renderProbe } from '../../reports/probe.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { wrapCommand } from '../../reports/wrap.ts';
import { checkAgainst } from '../config/check-against.ts';
import { OPTION_GROUPS, RUN_GROUPS } from '../config/options.ts';
import { totalTimeoutOf } from '../config/resolve.ts';
import type { Settings } from '../config/settings.ts';
import { drive } from '../drive/drive.ts';
import { openTarget } from '../drive/target.ts';
import { formatToSend } from '../formats/formats.ts';
import { curlSteps } from '../judge/curl.ts';
import { applyPolicy } from '../judge/policy.ts';
import type { Application } from '../model/application.ts';
import type { BackendApi } from '../model/capture.ts';
import { curlConnection } from '../model/curl-connection.ts';
import type { PlannedProbe } from '../model/exchange.ts';
import { EVERYTHING_COUNTS, type Policy } from '../model/policy.ts';
import { BACKEND_FACTS } from '../model/trace-backends.ts';
import { makeProbe } from '../probe/make-probe.ts';
import { cryptoRandom } from '../probe/random.ts';
import type { CommandRow } from './context.ts';
import { endingOf, exitCodeOf } from './ending.ts';
import { wantsColor } from './io.ts';
import { addConfigOption, addGroups, readInput } from './options.ts';
import { columnsOf, progressOn, say } from './output.ts';
import { withApplication } from './own-application.ts';

const PLAN: readonly PlannedProbe[] = [{ purpose: 'forced-on' }];
/** What one probe cannot show. */
const POLICY: Policy = {
  ...EVERYTHING_COUNTS,
  skip: ['load-balancing', 'sampling', 'sampling-rate'].map((what) => ({ what, reason: 'one probe does not show it' })),
};

export const probeCommand: CommandRow = {
  name: 'probe',
  about: 'send one traced probe, and draw its trace beside the expected one',
  examples: [
    'hopcheck probe --ingress http://127.0.0.1:8080 --traces http://127.0.0.1:16686',
    'hopcheck probe --kube --curl',
  ],
  define(command, world, done) {
    const { io, clock } = world;
    addGroups(command, [...RUN_GROUPS, 'kube']);
    command.optionsGroup(OPTION_GROUPS.output);
    command.option('--curl', 'print a script that does it by hand, with curl and POSIX tools, and send nothing');
    command.option('--no-color', 'no colours (also NO_COLOR)');
    command.optionsGroup('Options:');
    addConfigOption(command);
    command.addHelpText(
      'after',
      '\nBefore the probe it sends the requests of preflight, which find out the context\nformat. Exit codes are those of run.',
    );
    command.action(async (flags: { curl?: true; color: boolean }) => {
      const context = await withApplication(flags, world);
      const { definition } = context.application;
      const input = await readInput(flags, context);
      using ending = endingOf(context, 'ending the probe; all it has is judged', totalTimeoutOf(input));
      const progress = progressOn(context);
      await using target = await openTarget(input, definition, {
        clock,
        waits: flags.curl !== true,
        onProgress: (event) => progress.event(event),
        signal: ending.signal,
      });
      const { settings, cluster, waitedMs } = target;
      checkAgainst(settings, definition);
      if (flags.curl === true) {
        progress.end();
        io.stdout.data(curlScript(settings, definition, columnsOf(io.stdout)));
        done(0);
        return;
      }
      const { judged, problems } = await drive({
        settings,
        application: context.application,
        plan: PLAN,
        clock,
        ...(io.createClient !== undefined && { createClient: io.createClient }),
        ...(cluster !== undefined && { cluster }),
        waitedMs,
        onProgress: (event) => progress.event(event),
        detail: true,
        signal: ending.signal,
      });
      progress.end();
      for (const problem of problems) say(io.stderr, problem);
      const report = renderReport(applyPolicy(judged, POLICY));
      const color = wantsColor(io.stdout, io.env, flags.color);
      io.stdout.write(renderProbe(report, { color, columns: columnsOf(io.stdout) }));
      done(exitCodeOf(report, io, problems.length === 0, ending.exitCode));
    });
  },
};

/** The same by hand: a script for sh whose last line of output is the link. */
export function curlScript(settings: Settings, definition: Application, columns: number): string {
  const { ingress, traceBackend, format, flushMs } = settings;
  const sent = formatToSend(format.value === 'auto' ? undefined : format.value);
  const probe = makeProbe('p001', 'forced-on', sent, 'by-hand', cryptoRandom);
  const url = new URL(definition.request.path, ingress.url);
  const steps = curlSteps(
    {
      application: definition,
      run: {
        ingress: ingress.url.href,
        ingressHeaders: ingress.headers.map(([name], index) => [name, ingress.placeholders[index] ?? '…'] as const),
        traceBackend: traceBackend.url.href,
      },
      preflight: { api: likelyApi(traceBackend.url) },
      connection: curlConnection(url, ingress.host, settings.configuration),
    },
    probe,
  );
  if (steps === undefined) return '';
  const { define, id, command, link } = steps;
  const isGuess = format.value === 'auto';
  return [
    '#!/bin/sh',
    `# One traced probe by hand, with a context in the format ${sent}.`,
    ...(isGuess ? ['# A mesh that speaks another format needs --format, e.g. --format w3c.'] : []),
    ...[define, id].filter((step) => step !== undefined),
    ...wrapCommand(command, columns),
    'echo',
    ...(link === undefined
      ? []
      : [`echo "its trace, once proxies have sent their spans (${flushMs.value / 1000} s):"`, `echo "${link}"`]),
    '',
  ].join('\n');
}

/** Nothing is asked: only a URL that looks like Zipkin's is taken for one. */
function likelyApi({ port, pathname }: URL): BackendApi {
  const { usualBasePath = '', discovery } = BACKEND_FACTS.zipkin;
  const isZipkin = port === String(discovery.port) || pathname.replace(/\/+$/, '').endsWith(usualBasePath);
  return isZipkin ? 'zipkin' : 'jaeger-legacy';
}
