import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../capture/atomic-write.ts';
import { ConfigError } from '../config/config-error.ts';
import { resolvePolicy } from '../config/policy.ts';
import type { JobTarget } from '../fleet/job.ts';
import { targetsOf } from '../fleet/plan.ts';
import { plural } from '../model/numbers.ts';
import { checkOut, checkPlace } from './check-place.ts';
import type { CommandContext } from './context.ts';
import { checkDeliveries } from './deliver.ts';
import { endingOf } from './ending.ts';
import { emitJob } from './fleet-emit.ts';
import type { FleetFlags } from './fleet-flags.ts';
import { collectAll, runSelf } from './fleet-local.ts';
import { type ReadPlan, readPlan } from './fleet-plan.ts';
import { capturesIn, sourcesIn } from './fleet-sources.ts';
import { captureName, collectUnit, type UnitTarget } from './fleet-unit.ts';
import { mergeAndReport } from './merge-report.ts';
import { readInput } from './options.ts';
import { say } from './output.ts';
import { asSaid, readOutput } from './run-output.ts';

/** Collects one part, writes the Job, judges what was collected, or does all of it here. @returns the exit code @throws ConfigError */
export async function runFleet(flags: FleetFlags, context: CommandContext): Promise<number> {
  const { io } = context;
  const { plan: path, parallel, index, emit, collect } = flags;
  if (path === undefined) throw wrong('--plan', undefined, 'the file with the targets', '--plan fleet.yaml');
  const asked = [index !== undefined, emit !== undefined, collect !== undefined].filter(Boolean).length;
  if (asked > 1)
    throw wrong('--emit', emit, 'only one of --index, --emit and --collect', '--plan fleet.yaml --emit job.yaml');
  const read = await readPlan(path, parallel, io.cwd);
  if (index !== undefined) return collectOne(read, flags, path, context);
  if (emit !== undefined) {
    const { image, namespace } = flags;
    const place = resolve(io.cwd, emit);
    checkPlace(place, { option: '--emit', value: emit, example: '--plan fleet.yaml --emit job.yaml' });
    const text = emitJob({ read, parallel, to: jobTarget(flags.to), image, namespace, cwd: io.cwd });
    writeFileAtomic(place, text);
    say(
      io.stderr,
      `${emit}: a Job of ${plural(read.units.length, 'index', 'indexes')}, ${parallel} at a time; apply it, then hopcheck fleet --plan ${path} --collect …`,
    );
    return 0;
  }
  if (collect !== undefined) return report(read, collect, flags, context);
  return collectHere(read, flags, path, context);
}

/** As a pod of the Job does. */
function collectOne({ units }: ReadPlan, flags: FleetFlags, path: string, context: CommandContext): Promise<number> {
  const given = flags.index === true ? context.io.env.JOB_COMPLETION_INDEX : flags.index;
  const unit = units.find(({ index }) => String(index) === given);
  if (unit === undefined)
    throw wrong(
      '--index',
      typeof given === 'string' ? given : undefined,
      `a number from 0 to ${units.length - 1}, because the plan has so many parts`,
      '--index 0',
    );
  const to = unitTarget(flags.to, context.io.cwd);
  checkTo(to, unit.index, flags);
  return collectUnit(unit, path, to, context);
}

/** The same with processes, as many as may be at the same time. */
async function collectHere(read: ReadPlan, flags: FleetFlags, path: string, context: CommandContext): Promise<number> {
  const { io } = context;
  const to = flags.to === undefined ? undefined : unitTarget(flags.to, io.cwd);
  if (to !== undefined && to.by !== 'folder')
    throw wrong('--to', flags.to, 'a folder, for captures of this machine', '--to captures');
  // Wrong options of the merge are known before any probe is sent.
  await reportInput(flags, context);
  const folder = to?.folder ?? mkdtempSync(join(tmpdir(), 'hopcheck-fleet-'));
  if (to !== undefined) checkTo(to, 0, flags);
  removeEarlier(folder, read, flags);
  try {
    using ending = endingOf(context, 'ending all parts; what they have is judged');
    const run = io.runSelf ?? runSelf;
    const args = ['fleet', '--plan', path, '--parallel', String(flags.parallel), '--to', folder];
    const wrongUse = await collectAll(
      read.units,
      flags.parallel,
      (unit, signal, onLine) => run([...args, '--index', String(unit.index)], signal, onLine),
      io,
      ending.signal,
    );
    if (wrongUse !== 0) return wrongUse;
    const exitCode = await report(read, folder, flags, context);
    return ending.exitCode ?? exitCode;
  } finally {
    if (to === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Captures that an earlier call left: of a part that is not collected this time they would be judged as of now.
 * @throws ConfigError where one is not of this plan
 */
function removeEarlier(folder: string, { units }: ReadPlan, { to }: FleetFlags): void {
  const earlier = capturesIn(folder);
  const stray = earlier.find(({ index }) => index >= units.length);
  if (stray !== undefined)
    throw wrong(
      '--to',
      to,
      `a folder without captures of another plan; ${stray.file} is not one of ${plural(units.length, 'part')}`,
      '--to captures/today',
    );
  for (const { file } of earlier) rmSync(join(folder, file), { force: true });
}

async function reportInput(flags: FleetFlags, context: CommandContext) {
  const { io } = context;
  const { plan: _, parallel: __, index: ___, to: ____, emit: _____, collect: ______, ...given } = flags;
  const input = await readInput(given, context);
  const policy = resolvePolicy(input);
  checkOut(flags.out, io.cwd);
  const output = readOutput(given, input, io.cwd);
  asSaid(output.said, () => checkDeliveries(output.deliveries));
  return { policy, output };
}

async function report({ plan }: ReadPlan, from: string, flags: FleetFlags, context: CommandContext): Promise<number> {
  const { io } = context;
  const { policy, output } = await reportInput(flags, context);
  const wanted = targetsOf(plan);
  const folder = flags.out === undefined ? {} : { folder: resolve(io.cwd, flags.out) };
  return mergeAndReport({ sources: sourcesIn(from, io), wanted, policy, output, ...folder }, io);
}

function unitTarget(to: string | undefined, cwd: string): UnitTarget {
  if (to === undefined) throw wrong('--to', undefined, 'where the capture goes', '--to captures');
  if (to === 'log') return { by: 'log' };
  if (/^https?:/.test(to)) return { by: 'put', url: urlOf(to) };
  if (to.startsWith('pvc:')) throw wrong('--to', to, 'the folder at which the claim is mounted', '--to /captures');
  return { by: 'folder', folder: resolve(cwd, to) };
}

/** @throws ConfigError */
function checkTo(to: UnitTarget, index: number, flags: FleetFlags): void {
  if (to.by === 'folder')
    checkPlace(join(to.folder, captureName(index)), {
      option: '--to',
      value: flags.to ?? '',
      example: '--to captures',
    });
}

function jobTarget(to: string | undefined): JobTarget {
  const example = '--emit job.yaml --to pvc:captures';
  if (to === 'log') return { by: 'log' };
  if (to !== undefined && /^https?:/.test(to)) return { by: 'put', url: urlOf(to).href };
  const [, claim] = /^pvc:([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)$/.exec(to ?? '') ?? [];
  if (claim === undefined) throw wrong('--to', to, 'pvc:<claim>, a URL that takes PUT, or log', example);
  return { by: 'claim', claim };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '')
    throw wrong('--to', text, 'a URL without user, query and fragment', '--to https://captures.example/fleet-1');
  return url;
}

function wrong(option: string, value: string | undefined, expected: string, example: string): ConfigError {
  return new ConfigError([
    { option, ...(value !== undefined && { value, source: `flag ${option}` }), expected, example },
  ]);
}
