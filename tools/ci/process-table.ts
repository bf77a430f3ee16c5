import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * Every process that CI starts has this in its environment, so that none is missed at the end: `HOPCHECK_CI_RUN=<id>`.
 */
export const MARK = 'HOPCHECK_CI_RUN';

/** Living processes of a process group. Zombies do not count: they are over, and only their parent can take them away. */
export function inGroup(group: number): readonly number[] {
  if (!existsSync('/proc/self/stat')) return signal(-group, 0) ? [group] : [];
  return processes().filter((pid) => {
    const stat = statOf(pid);
    return stat !== undefined && stat.group === group && stat.state !== 'Z';
  });
}

/** Living processes that inherited a mark, whatever group they moved to; none where the system has no /proc. */
export function withMark(id: string): readonly number[] {
  if (!existsSync('/proc/self/environ')) return [];
  return processes().filter((pid) => {
    if (pid === process.pid || statOf(pid)?.state === 'Z') return false;
    return read(`/proc/${pid}/environ`)?.split('\0').includes(`${MARK}=${id}`) ?? false;
  });
}

/** Whether a process is there and is not a zombie. */
export function isAlive(pid: number): boolean {
  const stat = statOf(pid);
  return stat === undefined ? signal(pid, 0) : stat.state !== 'Z';
}

/** How a process was called, for a person. */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '';
}

/** @returns whether there was such a process, or such a group where the id is negative */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

function processes(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function statOf(pid: number): { readonly state: string; readonly group: number } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name in brackets may hold spaces and brackets; state, parent and group follow the last one.
  const [state = '', , group = ''] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return stat === undefined ? undefined : { state, group: Number(group) };
}

/** A process may end while it is looked at. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
