import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readHistory } from './git.ts';

let root: string;
const git = (...args: string[]) => {
  const settings = ['user.name=A', 'user.email=a@example.org', 'commit.gpgsign=false', 'protocol.file.allow=always'];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return execFileSync('git', [...settings.flatMap((one) => ['-c', one]), ...args], {
    ...{ cwd: root, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] },
  }).trim();
};
const commit = (path: string, text: string) => {
  writeFileSync(join(root, path), text);
  git('add', '-A');
  git('commit', '-qm', path);
  return git('rev-parse', 'HEAD');
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hopcheck-git-'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('readHistory', () => {
  it('counts commits, and finds them by their trees', () => {
    const first = commit('a', '1');
    const second = commit('a', '2');
    const { commits, isShallow, isClean, mainline, commitsAt, resolve } = readHistory(root);
    expect({ commits, isShallow, isClean }).toEqual({ commits: 2, isShallow: false, isClean: true });
    expect(mainline.map((point) => point.commit)).toEqual([second, first]);
    expect(mainline[1]!.tree).toBe(git('rev-parse', `${first}^{tree}`));
    expect(commitsAt(first)).toBe(1);
    expect(resolve('HEAD~1')).toBe(first);
    expect({ unknown: resolve('nothing'), option: resolve('--all') }).toEqual({
      unknown: undefined,
      option: undefined,
    });
  });

  it('counts the commits of both sides of a merge, and walks along the first', () => {
    commit('a', '1');
    git('checkout', '-qb', 'side');
    const side = commit('b', '1');
    git('checkout', '-q', 'main');
    commit('c', '1');
    git('merge', '-q', '--no-edit', 'side');
    commit('d', '1');
    const { commits, mainline, commitsAt } = readHistory(root);
    expect(commits).toBe(5);
    expect(mainline.map((point) => point.commit)).not.toContain(side);
    // The merge brought two commits at once.
    expect(mainline.map((point) => commitsAt(point.commit))).toEqual([5, 4, 2, 1]);
    expect(commitsAt(side)).toBe(2);
  });

  it('lists the changes since a commit: committed, changed, new, moved', () => {
    mkdirSync(join(root, 'room'));
    const first = commit('room/äö "x"', '1');
    commit('b', '1');
    renameSync(join(root, 'room/äö "x"'), join(root, 'moved'));
    writeFileSync(join(root, 'b'), '2');
    writeFileSync(join(root, 'new'), '1');
    const history = readHistory(root);
    expect(history.isClean).toBe(false);
    expect(history.changedSince(first).toSorted()).toEqual(['b', 'moved', 'new', 'room/äö "x"']);
    expect(history.changedSince('HEAD').toSorted()).toEqual(['b', 'moved', 'new', 'room/äö "x"']);
  });

  it('finds the commit that brought a text', () => {
    commit('table', 'x');
    const brought = commit('table', "x\nid: 'real'");
    commit('table', "x\nid: 'real'\ny");
    expect(readHistory(root).broughtBy("id: 'real'", 'table')).toBe(brought);
    expect(readHistory(root).broughtBy("id: 'kube'", 'table')).toBeUndefined();
  });

  it('detects a shallow clone', () => {
    for (const text of ['1', '2', '3']) commit('a', text);
    git('clone', '-q', '--depth', '1', `file://${root}`, join(root, 'clone'));
    expect(readHistory(join(root, 'clone'))).toMatchObject({ commits: 1, isShallow: true });
  });

  it('reads the given folder, even if a hook has set another repository', () => {
    commit('a', '1');
    vi.stubEnv('GIT_DIR', '/nowhere');
    expect(readHistory(root).commits).toBe(1);
  });

  it('throws where no commit exists', () => {
    expect(() => readHistory(root)).toThrow();
  });
});
