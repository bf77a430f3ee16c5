import { describe, expect, it } from 'vitest';
import { callMain } from './testing/call-main.ts';

const AT = ['run', '--ingress', 'http://127.0.0.1:9', '--traces', 'http://127.0.0.1:9'];
const oneLine = (text: string) => text.replace(/\s+/g, ' ');

describe('hopcheck run --shard', () => {
  it.each([
    {
      argv: ['--shard', '0/4', '--capture', 'a'],
      message: '--shard "0/4" (from flag --shard): expected <part>/<parts>',
    },
    { argv: ['--shard', '5/4', '--capture', 'a'], message: '--shard "5/4"' },
    { argv: ['--shard', '1', '--capture', 'a'], message: '--shard "1"' },
    { argv: ['--shard', '1/2'], message: '--capture: expected a file for the capture of the part' },
    { argv: ['--target', 'shop'], message: '--target "shop" (from flag --target): expected beside --shard' },
    { argv: ['--shard', '1/2', '--capture', 'a', '--target', 'a b'], message: '--target "a b"' },
    {
      argv: ['--shard', '1/2', '--capture', 'a', '--report', 'json=b.json'],
      message: '--report (from flag --report): expected none beside --shard, because a part is not judged',
    },
    {
      argv: ['--shard', '1/2', '--capture', 'a', '--only', 'smoke'],
      message: '--only (from flag --only): expected none beside --shard',
    },
  ])('refuses $argv', async ({ argv, message }) => {
    const { exitCode, stderr } = await callMain([...AT, ...argv]);
    expect({ exitCode, stderr: oneLine(stderr) }).toEqual({ exitCode: 64, stderr: expect.stringContaining(message) });
  });
});
