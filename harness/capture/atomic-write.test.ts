import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkWritable, writeFileAtomic } from './atomic-write.ts';
import { linkTarget } from './link-target.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('writeFileAtomic makes folders, replaces the file, and leaves nothing else', () => {
  const path = join(folder, 'deep', 'report.json');
  writeFileAtomic(path, 'one');
  writeFileAtomic(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(join(folder, 'deep'))).toEqual(['report.json']);
});

it('writeFileAtomic leaves no half file where it cannot write', () => {
  expect(() => writeFileAtomic(join(folder, 'x', '..', '..', '\0'), 'one')).toThrow();
  writeFileAtomic(join(folder, 'taken', 'file'), '');
  expect(() => writeFileAtomic(join(folder, 'taken'), 'one')).toThrow(/taken/);
  expect(readdirSync(folder)).toEqual(['taken']);
});

it('writeFileAtomic makes the file private to its owner on request', () => {
  const path = join(folder, 'secret.json');
  writeFileAtomic(path, 'one');
  writeFileAtomic(path, 'two', 0o600);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('writeFileAtomic writes to the target of a link, and leaves the link', () => {
  const [path, link] = [join(folder, 'real.json'), join(folder, 'link.json')];
  writeFileAtomic(path, 'one');
  symlinkSync('real.json', link);
  writeFileAtomic(link, 'two');
  expect({ content: readFileSync(path, 'utf8'), isLink: lstatSync(link).isSymbolicLink() }).toEqual({
    content: 'two',
    isLink: true,
  });
});

it('writeFileAtomic puts no file where a device or a pipe is', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const script = `import { writeFileAtomic } from ${JSON.stringify(join(import.meta.dirname, 'atomic-write.ts'))};
    writeFileAtomic(process.argv[1], 'through the pipe');`;
  const run = `"$NODE" --input-type=module -e "$SCRIPT" "$0" & cat "$0"; wait $!`;
  const env = { ...process.env, NODE: process.execPath, SCRIPT: script };
  expect(execFileSync('sh', ['-c', run, pipe], { env, encoding: 'utf8' })).toBe('through the pipe');
  expect({ isPipe: statSync(pipe).isFIFO(), files: readdirSync(folder) }).toEqual({ isPipe: true, files: ['pipe'] });
  writeFileAtomic('/dev/null', 'nothing is kept');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(() => writeFileAtomic('/dev/full', 'one')).toThrow(/ENOSPC/);
});

describe('a link whose target does not exist yet', () => {
  it('is written through, with the folders of its target', () => {
    const link = join(folder, 'link.json');
    symlinkSync('deep/real.json', link);
    writeFileAtomic(link, 'one');
    expect({
      content: readFileSync(join(folder, 'deep', 'real.json'), 'utf8'),
      isLink: lstatSync(link).isSymbolicLink(),
    }).toEqual({ content: 'one', isLink: true });
  });

  it('has the target that a file there would have', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'alias'));
    symlinkSync('alias/x/file', join(folder, 'link'));
    const target = join(realpathSync(folder), 'real', 'x', 'file');
    for (const path of ['link', 'alias/x/file', 'real/x/file']) expect(linkTarget(join(folder, path))).toBe(target);
  });

  it('is resolved from its real folder', () => {
    mkdirSync(join(folder, 'real', 'deep'), { recursive: true });
    symlinkSync('real/deep', join(folder, 'alias'));
    symlinkSync('../file', join(folder, 'alias', 'link'));
    expect(linkTarget(join(folder, 'alias', 'link'))).toBe(join(realpathSync(folder), 'real', 'file'));
  });

  it('has no target where it leads to itself', () => {
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    expect(() => linkTarget(join(folder, 'a'))).toThrow(/ELOOP/);
  });
});

it('writeFileAtomic writes the longest names that a file can have', () => {
  const path = join(folder, 'n'.repeat(255));
  writeFileAtomic(path, 'one');
  expect(readdirSync(folder)).toEqual(['n'.repeat(255)]);
  expect(() => checkWritable(`${path}n`)).toThrow(/ENAMETOOLONG/);
});

it('a trial of a path leaves nothing but its folder', () => {
  checkWritable(join(folder, 'deep', 'report.json'));
  expect(readdirSync(join(folder, 'deep'))).toEqual([]);
  checkWritable('/dev/null');
  writeFileAtomic(join(folder, 'file'), '');
  for (const path of ['deep', 'file/x.json', 'file/deep/x.json'])
    expect(() => checkWritable(join(folder, path)), path).toThrow(
      path.startsWith('file') ? /ENOTDIR|EEXIST/ : /folder/,
    );
  // A file system that takes no files, for root neither.
  expect(() => checkWritable('/proc/report.json')).toThrow();
});
