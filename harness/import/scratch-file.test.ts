import fs, { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ImportError } from './import-error.ts';
import { ScratchFile } from './scratch-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-scratch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file for what does not fit into memory', () => {
  it('gives back what was written, from any place', () => {
    using file = new ScratchFile(folder);
    expect(file.append([Buffer.from('fi'), Buffer.from('rst')])).toBe(0);
    expect(file.append([Buffer.from('second')])).toBe(5);
    const bytes = Buffer.alloc(6);
    file.read(bytes, 3);
    expect(bytes.toString()).toBe('stseco');
    const many = Array.from({ length: 1300 }, (_, index) => Buffer.from([index & 0xff]));
    expect(file.append(many)).toBe(11);
    const all = Buffer.alloc(1300);
    file.read(all, 11);
    expect(all).toEqual(Buffer.concat(many));
    expect(() => file.read(Buffer.alloc(2000), 3)).toThrow('the file is shorter than what was written to it');
  });

  it('has no name as soon as it is open', () => {
    using file = new ScratchFile(folder);
    file.append([Buffer.from('x')]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names the folder, the reason and the remedy where it cannot be made', () => {
    const missing = join(folder, 'missing');
    expect(() => new ScratchFile(missing)).toThrow(ImportError);
    expect(() => new ScratchFile(missing)).toThrow(
      `${missing}: expected a folder for temporary files with room for all spans of the dump, unpacked; received ENOENT`,
    );
    expect(() => new ScratchFile(missing)).toThrow('for example: TMPDIR=/var/tmp hopcheck import traces.json');
  });

  it.runIf(existsSync('/dev/full'))('says so where the disk is full', () => {
    const open = vi.spyOn(fs, 'openSync').mockImplementation(() => {
      open.mockRestore();
      syncBuiltinESMExports();
      return fs.openSync('/dev/full', 'w+');
    });
    syncBuiltinESMExports();
    using file = new ScratchFile(folder);
    expect(() => file.append([Buffer.from('x')])).toThrow(ImportError);
    expect(() => file.append([Buffer.from('x')])).toThrow(
      /^.*: expected a folder .*received ENOSPC: no space left on device/,
    );
  });
});
