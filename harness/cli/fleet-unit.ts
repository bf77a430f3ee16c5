import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCapture } from '../capture/decode.ts';
import { toLogLines } from '../capture/log-lines.ts';
import { totalTimeoutOf } from '../config/resolve.ts';
import { findApplication } from '../definition/find-application.ts';
import { openTarget } from '../drive/target.ts';
import type { FleetUnit } from '../fleet/plan.ts';
import { createHttpClient } from '../http/undici-client.ts';
import type { CommandContext } from './context.ts';
import { inputOfUnit } from './fleet-plan.ts';
import { say } from './output.ts';
import { endingOfRun } from './run.ts';
import { collectPart } from './run-part.ts';

/** Where the capture of a unit goes: a folder, a server that takes PUT, or the log. */
export type UnitTarget =
  | { readonly by: 'folder'; readonly folder: string }
  | { readonly by: 'put'; readonly url: URL }
  | { readonly by: 'log' };

const PUT_TIMEOUT_MS = 60_000;

/** `7.capture`; the number is the unit's. */
export function captureName(index: number): string {
  return `${index}.capture`;
}

/**
 * Collects one part of a plan, as `hopcheck run --shard` does. @returns its exit code; 2 where the capture could not be
 * given away. @throws ConfigError
 */
export async function collectUnit(
  unit: FleetUnit,
  planPath: string,
  to: UnitTarget,
  world: CommandContext,
): Promise<number> {
  const { io } = world;
  const place = { path: planPath, env: io.env, cwd: io.cwd };
  const own = await findApplication(inputOfUnit(unit, { ...place, page: '/' }), io.cwd);
  const context = own === undefined ? world : { ...world, application: own };
  const input = inputOfUnit(unit, { ...place, page: context.application.definition.request.path });
  const kept = to.by === 'folder' ? undefined : mkdtempSync(join(tmpdir(), 'hopcheck-fleet-'));
  const capturePath = join(to.by === 'folder' ? to.folder : (kept ?? ''), captureName(unit.index));
  // One of an earlier call must not stand for a part that cannot be collected this time.
  rmSync(capturePath, { force: true });
  try {
    using ending = endingOfRun(context, totalTimeoutOf(input));
    await using target = await openTarget(input, context.application.definition, {
      clock: context.clock,
      signal: ending.signal,
    });
    const output = {
      flags: { report: [], color: false, quiet: true as const },
      deliveries: [],
      capture: captureName(unit.index),
      capturePath,
      said: {},
    };
    const part = { ...unit.part, target: unit.target };
    const exitCode = await collectPart(target, part, output, context, ending);
    if (kept === undefined) return exitCode;
    const isGiven = await give(readFileSync(capturePath, 'utf8'), unit, to, context);
    return exitCode === 0 && !isGiven ? 2 : exitCode;
  } finally {
    if (kept !== undefined) rmSync(kept, { recursive: true, force: true });
  }
}

/** @returns false where it could not be given away, which standard error says */
async function give(text: string, unit: FleetUnit, to: UnitTarget, { io }: CommandContext): Promise<boolean> {
  try {
    if (to.by === 'log') io.stdout.data(toLogLines(text, unit.index, decodeCapture(text).run.id));
    if (to.by === 'put') await put(text, unit, to.url, io);
    return true;
  } catch (error) {
    say(io.stderr, `the capture could not be given away: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function put(text: string, { index }: FleetUnit, base: URL, io: CommandContext['io']): Promise<void> {
  const url = new URL(base.href);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${captureName(index)}`;
  const http = (io.createClient ?? createHttpClient)({ url });
  const token = io.env.HOPCHECK_FLEET_TOKEN;
  try {
    const { status } = await http.send({
      method: 'PUT',
      url,
      headers: [
        ['content-type', 'application/x-ndjson'],
        ...(token === undefined || token === '' ? [] : [['authorization', `Bearer ${token}`] as const]),
      ],
      body: text,
      timeoutMs: PUT_TIMEOUT_MS,
      maxBodyBytes: 1_000_000,
    });
    if (status < 200 || status > 299) throw new Error(`${url.origin}${url.pathname} answered ${status}; expected 2xx`);
  } finally {
    await http.close();
  }
}
