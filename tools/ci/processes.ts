import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { commandOf, inGroup, MARK, signal, withMark } from './process-table.ts';

/** How long processes have to end after SIGTERM: a real mesh of a dozen programs takes some seconds. */
const GRACE_MS = 15_000;
const LOOK_EVERY_MS = 50;

export interface Ended {
  /** Undefined: it ended with 0. */
  readonly failure?: string;
  readonly seconds: number;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Ends the process and its whole group: SIGTERM, and SIGKILL for what is left after the grace. */
  stop(): Promise<void>;
}

/** Starts processes, each in a group by its own id, and ends all of them. */
export interface Processes {
  /** @param output where stdout and stderr go: `inherit`, or a file descriptor */
  start(command: readonly string[], env: Readonly<Record<string, string>>, output: 'inherit' | number): Running;
  /** Ends every group, and then what has left its group but inherited the mark. @returns a line for each of the latter */
  stopAll(): Promise<readonly string[]>;
}

export function createProcesses(cwd: string, graceMs = GRACE_MS): Processes {
  const mark = randomUUID();
  const groups = new Set<number>();
  // The last resort, where this process ends without stopAll: nothing is awaited in an exit handler.
  const killAll = () => {
    for (const group of groups) signal(-group, 'SIGKILL');
  };
  const end = async (living: () => readonly number[], send: (name: NodeJS.Signals) => void) => {
    if (living().length === 0) return;
    send('SIGTERM');
    const deadlineMs = performance.now() + graceMs;
    while (living().length > 0 && performance.now() < deadlineMs) await delay(LOOK_EVERY_MS);
    if (living().length > 0) send('SIGKILL');
  };
  const endGroup = async (group: number) => {
    await end(
      () => inGroup(group),
      (name) => signal(-group, name),
    );
    groups.delete(group);
    if (groups.size === 0) process.off('exit', killAll);
  };
  return {
    start([command = '', ...args], env, output) {
      const startedAtMs = performance.now();
      const seconds = () => (performance.now() - startedAtMs) / 1000;
      const child = spawn(command, args, {
        cwd,
        env: { ...process.env, ...env, [MARK]: mark },
        stdio: ['ignore', output, output],
        // A new process group, whose id is the child's.
        detached: true,
      });
      const { pid } = child;
      if (pid !== undefined) {
        if (groups.size === 0) process.on('exit', killAll);
        groups.add(pid);
      }
      const ended = once(child, 'exit').then(
        ([code, name]: (number | string | null)[]): Ended => {
          if (code === 0) return { seconds: seconds() };
          return { failure: name === null ? `ended with ${code}` : `was ended by ${name}`, seconds: seconds() };
        },
        (error: Error): Ended => ({ failure: `cannot be run: ${error.message}`, seconds: seconds() }),
      );
      return { ended, stop: () => (pid === undefined ? Promise.resolve() : endGroup(pid)) };
    },
    async stopAll() {
      await Promise.all([...groups].map(endGroup));
      const strays = withMark(mark);
      const lines = strays.map((pid) => `process ${pid} had left its group and was ended: ${commandOf(pid)}`);
      await end(
        () => withMark(mark),
        (name) => {
          for (const pid of withMark(mark)) signal(pid, name);
        },
      );
      return lines;
    },
  };
}
