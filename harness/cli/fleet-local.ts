import { spawn } from 'node:child_process';
import type { FleetUnit } from '../fleet/plan.ts';
import type { Io, RunSelf } from './io.ts';
import { say } from './output.ts';

/** hopcheck itself in a separate process, in this folder and with this environment. */
export const runSelf: RunSelf = (args, signal, onLine) =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let rest = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    const end = () => child.kill('SIGTERM');
    signal.addEventListener('abort', end, { once: true });
    child.once('error', fail);
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      if (rest !== '') onLine(rest);
      done(code);
    });
  });

/**
 * Collects all units with so many processes at the same time, in their order. One that could not collect is tried once more,
 * as a Job does, and one that was used wrongly ends all. After an abort no further one is begun, and those that run write
 * what they have.
 * @param collect runs one unit
 * @returns 64 for wrong use, else 0: what is missing is for the merge to name
 */
export async function collectAll(
  units: readonly FleetUnit[],
  parallel: number,
  collect: (unit: FleetUnit, signal: AbortSignal, onLine: (line: string) => void) => Promise<number | null>,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const waiting = units.map((unit) => ({ unit, again: false }));
  let wrong = false;
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && !ended.aborted; next = waiting.shift()) {
      const { unit, again } = next;
      const name = `${unit.target}${unit.part.of === 1 ? '' : ` ${unit.part.index}/${unit.part.of}`}`;
      const onLine = (line: string) => say(io.stderr, `${name}: ${line}`);
      // A process that cannot be started collects nothing; the others go on.
      const exitCode = await collect(unit, ended, onLine).catch((error: Error) => {
        onLine(`its process cannot be started: ${error.message}`);
        return null;
      });
      if (exitCode === 64) {
        wrong = true;
        stop.abort();
      } else if (exitCode !== 0 && !again && !ended.aborted) waiting.push({ unit, again: true });
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, units.length) }, worker));
  return wrong ? 64 : 0;
}
