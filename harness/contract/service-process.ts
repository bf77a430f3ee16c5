import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Clock } from '../model/clock.ts';
import type { ContractCapture } from '../model/contract.ts';

/** How the service is started. */
export interface StartOptions {
  /** Program and arguments; with `shell` one text for the system's shell. */
  readonly words: readonly string[];
  readonly shell: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly url: URL;
  /** For listening, ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export type Stopped = NonNullable<ContractCapture['stopped']>;

/** The service as a process of hopcheck. */
export interface ServiceProcess {
  /** Why it cannot be tested; absent: it listens. */
  readonly stopped?: Stopped;
  /** The last lines of its output, as they came. */
  output(): readonly string[];
  /** Ends it and every process of its group: SIGTERM, then SIGKILL. */
  end(): Promise<void>;
}

/** Lines of output that are kept, and characters of a line. */
const LINES = 40;
const LONGEST_LINE = 500;
const POLL_MS = 25;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 3000;

/**
 * Starts the service and waits until its port takes connections. It has its own process group where the system has such
 * groups, so that what it starts is ended with it; on Windows only the process itself is ended. No shell, unless asked.
 */
export async function startService(options: StartOptions): Promise<ServiceProcess> {
  const { words, shell, env, cwd, url, clock, signal } = options;
  if (await listens(url)) return { stopped: { why: 'port-taken' }, output: () => [], end: async () => undefined };
  const [program = '', ...args] = words;
  const isGroup = process.platform !== 'win32';
  const child = spawn(program, args, { cwd, env, shell, detached: isGroup, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = keepLines(child);
  let ended: Stopped | undefined;
  child.on('error', (error) => {
    ended ??= { why: 'not-started', reason: error.message };
  });
  child.on('exit', (code, name) => {
    ended ??= { why: 'ended', ...(code !== null && { code }), ...(name !== null && { signal: name }) };
  });
  // Also where hopcheck itself ends at once, such as after a second Ctrl-C.
  const killed = () => {
    if (child.pid !== undefined) signalTo(child, child.pid, isGroup, 'SIGKILL');
  };
  process.once('exit', killed);
  const end = async () => {
    await endGroup(child, isGroup, clock);
    process.off('exit', killed);
  };
  const began = clock.now();
  while (ended === undefined && !signal.aborted) {
    if (await listens(url)) return { output: lines, end };
    if (clock.now() - began >= options.timeoutMs) {
      ended = { why: 'never-listened', waitedMs: Math.round(clock.now() - began) };
      break;
    }
    await clock.sleep(POLL_MS, signal).catch(() => undefined);
  }
  // Read before the end, which makes one itself.
  const stopped: Stopped = ended ?? { why: 'interrupted' };
  await end();
  return { stopped, output: lines, end: async () => undefined };
}

/** A connection is taken, and closed again. */
function listens(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function keepLines(child: ChildProcess): () => readonly string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      const parts = `${rest}${text}`.split(/\r?\n/);
      rest = (parts.pop() ?? '').slice(-LONGEST_LINE);
      lines.push(...parts.map((line) => line.slice(0, LONGEST_LINE)));
      lines.splice(0, Math.max(0, lines.length - LINES));
    });
    stream?.on('end', () => {
      if (rest !== '') lines.push(rest);
    });
  }
  return () => lines.slice(-LINES);
}

async function endGroup(child: ChildProcess, isGroup: boolean, clock: Clock): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  const isLeft = () => signalTo(child, pid, isGroup, 0);
  if (!signalTo(child, pid, isGroup, 'SIGTERM')) return;
  const grace = new AbortController();
  const waited = clock.sleep(GRACE_MS, grace.signal).catch(() => undefined);
  await Promise.race([exited, waited]);
  // What the service started may outlive it for a moment.
  for (let left = isLeft(), tries = 0; left && tries < GRACE_MS / POLL_MS; left = isLeft(), tries += 1) {
    if (child.exitCode === null && child.signalCode === null) break;
    await clock.sleep(POLL_MS);
  }
  grace.abort();
  if (isLeft()) signalTo(child, pid, isGroup, 'SIGKILL');
  await exited;
}

/** @returns false where there is no such process any more. */
function signalTo(child: ChildProcess, pid: number, isGroup: boolean, name: NodeJS.Signals | 0): boolean {
  try {
    return isGroup ? process.kill(-pid, name) : child.kill(name);
  } catch {
    return false;
  }
}
