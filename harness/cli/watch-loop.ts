import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { safeText } from '../../reports/characters/safe-text.ts';
import { alertText, standingText } from '../../reports/text/watch.ts';
import { checkWritable } from '../capture/atomic-write.ts';
import { ConfigError } from '../config/config-error.ts';
import { resolvePolicy } from '../config/policy.ts';
import type { Settings } from '../config/settings.ts';
import type { WatchSettings } from '../config/watch-settings.ts';
import { openTarget } from '../drive/target.ts';
import { setAnew } from '../model/clock.ts';
import { callAllowance } from '../model/limits.ts';
import type { RunReport } from '../model/report.ts';
import { shownStartMs, type WatchedRun } from '../model/watch.ts';
import { WatchFolder } from '../watch/keep-files.ts';
import { routesOf } from '../watch/routes.ts';
import { type RunningServer, serve } from '../watch/server.ts';
import { forecast, spacingMs } from '../watch/state/budget.ts';
import { type Launch, Watch } from '../watch/watch.ts';
import type { CommandContext } from './context.ts';
import { endingOf } from './ending.ts';
import { readInput } from './options.ts';
import { say } from './output.ts';
import { withApplication } from './own-application.ts';
import { reportOf } from './run-report.ts';

/** Requests that one run sends to the ingress. */
export interface Requests {
  readonly usual: number;
  /** So many more where spans come late. */
  readonly late: number;
}

interface WatchCall {
  readonly flags: object;
  readonly settings: WatchSettings;
  /** Time limit of a run, ms. */
  readonly deadlineMs: number;
  readonly requests: Requests;
}

/** Runs and serves until a signal comes. @returns the exit code @throws ConfigError where folder or address cannot be had */
export async function keepWatch(call: WatchCall, world: CommandContext): Promise<number> {
  const { settings, deadlineMs, requests } = call;
  const { io, clock } = world;
  const folder = openFolder(settings, io.cwd);
  const apart = spacingMs(requests.usual + requests.late, settings.budget);
  for (const text of forecastLines(settings, requests)) say(io.stderr, text);
  using ending = endingOf(world, 'ending the watch; the run that goes on is judged and written');
  const watch = new Watch({
    clock,
    everyMs: settings.everyMs,
    spacingMs: apart,
    deadlineMs,
    staleAfterMs: settings.staleAfterMs,
    keep: settings.keep,
    agreement: settings.agreement,
    launch: (launch) => runOnce(call, folder, launch, world),
    newId: () => randomBytes(4).toString('hex'),
    onRun: (run, report) => {
      const text = safeText(standingText(run.verdict, run), 1000);
      say(io.stderr, `${new Date(shownStartMs(run)).toISOString()} run ${run.id}: ${text}`);
      writeRun(folder, run, report, world);
    },
    onAlerts: ({ began, ended }) => {
      for (const alert of began) say(io.stderr, `alert: ${alertText(alert)}`);
      for (const alert of ended) say(io.stderr, `alert over: ${alert.code} ${alert.subject}`.trimEnd());
    },
  });
  await using server = await listen(call, watch, world);
  say(io.stderr, `serving ${server.origin}/gate, /verdict, /metrics and /healthz${openWith(settings)}`);
  await watch.go(ending.signal);
  // A run that was given up may hold sockets for good. Everything is written by now.
  const exitCode = ending.exitCode ?? 0;
  if (watch.hung > 0) io.endNow?.(exitCode);
  return exitCode;
}

/** Reads everything anew: configuration, policy, cluster. */
async function runOnce(
  { flags, settings }: WatchCall,
  folder: WatchFolder,
  { signal, ...run }: Launch,
  world: CommandContext,
): Promise<RunReport> {
  // The machine's clock may have been set since the last run, and spans have its times.
  const context = await withApplication(flags, { ...world, clock: setAnew(world.clock) });
  const input = await readInput(flags, context);
  const policy = resolvePolicy(input);
  await using target = await openTarget(input, context.application.definition, { clock: context.clock, signal });
  const { settings: given, cluster, waitedMs } = target;
  const { report, problems } = await reportOf(
    { settings: within(given, settings), waitedMs, ...(cluster !== undefined && { cluster }) },
    policy,
    context,
    { ...capturePlace(folder, run, world), signal },
  );
  for (const problem of problems) say(world.io.stderr, problem);
  return report;
}

/** A folder that cannot be written any more takes the captures from a watch, and not its verdicts. */
function capturePlace(
  folder: WatchFolder,
  run: Omit<Launch, 'signal'>,
  { io }: CommandContext,
): { readonly capturePath?: string } {
  const capturePath = folder.capturePath(run);
  try {
    checkWritable(capturePath);
    return { capturePath };
  } catch (error) {
    say(io.stderr, `--watch-folder: run ${run.id} keeps no capture: ${messageOf(error)}`);
    return {};
  }
}

/** The same run, no faster than the budget. */
function within(given: Settings, { budget: { perSecond } }: WatchSettings): Settings {
  if (given.rate <= perSecond) return given;
  const configuration = given.configuration.map((option) =>
    option.name === 'rate'
      ? { ...option, value: String(perSecond), from: `${option.from}, limited by --budget` }
      : option,
  );
  return { ...given, rate: perSecond, configuration };
}

function writeRun(folder: WatchFolder, run: WatchedRun, report: RunReport | undefined, { io }: CommandContext): void {
  try {
    folder.keep(run, report);
  } catch (error) {
    say(io.stderr, `--watch-folder: ${messageOf(error)}`);
  }
}

function openFolder({ folder, keep }: WatchSettings, cwd: string): WatchFolder {
  try {
    return new WatchFolder(resolve(cwd, folder), keep);
  } catch (error) {
    throw notAsExpected('--watch-folder', folder, `a folder that can be written (${messageOf(error)})`, '/results');
  }
}

async function listen(
  { settings, deadlineMs }: WatchCall,
  watch: Watch,
  { clock }: CommandContext,
): Promise<RunningServer> {
  const { listen: address, token } = settings;
  try {
    return await serve(address, routesOf({ watch, clock, deadlineMs, ...(token !== undefined && { token }) }));
  } catch (error) {
    const value = `${address.host}:${address.port}`;
    throw notAsExpected('--listen', value, `an address and a port that are free (${messageOf(error)})`, '127.0.0.1:0');
  }
}

function notAsExpected(option: string, value: string, expected: string, example: string): ConfigError {
  return new ConfigError([{ option, value, source: `flag ${option}`, expected, example: `${option} ${example}` }]);
}

function openWith({ token }: WatchSettings): string {
  return token === undefined
    ? '; /run and /report are closed without a token'
    : ', and with the token /run and /report';
}

/** What a day amounts to, before anything is sent. */
function forecastLines({ everyMs, budget }: WatchSettings, { usual, late }: Requests): readonly string[] {
  const day = forecast(usual + late, everyMs, budget);
  const runs = Math.ceil(day.runsADay);
  const { format } = new Intl.NumberFormat('en', { useGrouping: true });
  return [
    `a run every ${duration(day.everyMs)}${day.everyMs > everyMs ? ', because of --budget' : ''}: ${format(runs)} runs a day, ${format(Math.ceil(day.runsADay * usual))} requests a day (${usual} each, ${usual + late} where spans come late), and at most ${format(Math.ceil(day.runsADay * callAllowance(usual + late)))} calls of the trace backend`,
    `--budget: at most ${budget.perSecond} requests a second, ${format(day.mostADay)} a day with runs on demand`,
  ];
}

function duration(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1000)} s`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
