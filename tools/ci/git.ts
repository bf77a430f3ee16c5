import { execFileSync } from 'node:child_process';

/** A state of the files. The tree names it even after its commit has been written anew by a rebase. */
export interface Point {
  readonly commit: string;
  readonly tree: string;
  /** Of the commit, e.g. `2026-11-27`. */
  readonly date: string;
}

/** What git knows about a checkout. */
export interface History {
  /** `git rev-list --count HEAD`; too small in a shallow clone. */
  readonly commits: number;
  readonly isShallow: boolean;
  /** No uncommitted change and no new file. */
  readonly isClean: boolean;
  /** HEAD, its first parent and so on. Never empty. */
  readonly mainline: readonly [Point, ...Point[]];
  /** `git rev-list --count` of a commit of the mainline. */
  commitsAt(commit: string): number;
  /** Paths that differ between a commit and the files as they lie here; both paths of what was moved. */
  changedSince(commit: string): readonly string[];
  /** The commit that a name means, if it means one. */
  resolve(name: string): string | undefined;
  /** The oldest commit that brought a text into a file, if one did. */
  broughtBy(text: string, path: string): string | undefined;
}

/** @throws Error where git cannot read a history here */
export function readHistory(root: string): History {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
    });
  const lines = (...args: string[]) =>
    git(...args)
      .split('\n')
      .filter(Boolean);
  const paths = (...args: string[]) =>
    git(...args)
      .split('\0')
      .filter(Boolean);
  const merges = new Set<string>();
  const [head, ...before] = lines('log', '--first-parent', '--format=%H %T %cs %P').map((line): Point => {
    const [commit = '', tree = '', date = '', ...parents] = line.split(' ');
    if (parents.length > 1) merges.add(commit);
    return { commit, tree, date };
  });
  if (head === undefined) throw new Error('git knows no commit here');
  const mainline = [head, ...before] as const;
  const count = (commit: string) => Number(git('rev-list', '--count', commit));
  const commits = count('HEAD');
  // Of the mainline, as far as it was asked for: git counts anew only behind a merge.
  const counts = [commits];
  const bringers = new Map<string, string | undefined>();
  return {
    commits,
    isShallow: git('rev-parse', '--is-shallow-repository').trim() === 'true',
    isClean: lines('status', '--porcelain').length === 0,
    mainline,
    commitsAt(commit) {
      const at = mainline.findIndex((point) => point.commit === commit);
      for (let next = counts.length; next <= at; next += 1) {
        const isBehindMerge = merges.has(mainline[next - 1]?.commit ?? '');
        counts.push(isBehindMerge ? count(mainline[next]?.commit ?? '') : (counts[next - 1] ?? 0) - 1);
      }
      return counts[at] ?? count(commit);
    },
    changedSince: (commit) => [
      ...new Set([
        ...paths('diff', '--name-only', '--no-renames', '-z', commit, '--'),
        ...paths('ls-files', '--others', '--exclude-standard', '-z'),
      ]),
    ],
    resolve(name) {
      try {
        return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).trim();
      } catch {
        return undefined;
      }
    },
    broughtBy(text, path) {
      const key = `${path}\0${text}`;
      if (!bringers.has(key))
        bringers.set(key, lines('log', '--first-parent', '--reverse', '--format=%H', `-S${text}`, '--', path)[0]);
      return bringers.get(key);
    },
  };
}
