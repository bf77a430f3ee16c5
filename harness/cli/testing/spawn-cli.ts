import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const BIN = resolve(import.meta.dirname, '../start.ts');

export interface Spawned {
  readonly pid: number;
  /** Resolves with all that was written when the text has been written to stdout or stderr. */
  seen(text: string | RegExp): Promise<string>;
  kill(signal: 'SIGINT' | 'SIGTERM'): void;
  readonly ended: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; output: string }>;
}

/** Runs a command in a separate process, as a shell would. @param env beside the variables of this process. */
export function spawnCli(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Spawned {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let output = '';
  const waiting = new Set<() => void>();
  const take = (chunk: unknown) => {
    output += String(chunk);
    for (const look of waiting) look();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<Awaited<Spawned['ended']>>((done) => {
    child.once('close', (exitCode, signal) => done({ exitCode, signal, output }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => child.kill(signal),
    seen: (text) =>
      new Promise((found, reject) => {
        const look = () => {
          const there = typeof text === 'string' ? output.includes(text) : text.test(output);
          if (!there) return;
          waiting.delete(look);
          found(output);
        };
        waiting.add(look);
        ended.then(() => reject(new Error(`ended without ${text}:\n${output}`)));
        look();
      }),
  };
}
