import { describe, expect, it } from 'vitest';
import { HopcheckError } from '../model/hopcheck-error.ts';
import { callMain } from './testing/call-main.ts';

const TARGET = ['--ingress', 'http://127.0.0.1:1', '--traces', 'http://127.0.0.1:2'];

/** The end of `hopcheck doctor` when this is thrown inside it. */
async function endWith(error: Error) {
  const createClient = () => {
    throw error;
  };
  const { exitCode, stdout, stderr } = await callMain(['doctor', ...TARGET], { createClient });
  return { exitCode, stdout, stderr };
}

describe('an error that ends a command', () => {
  it('is printed with its hint, and gives the exit code', async () => {
    expect(await endWith(new HopcheckError('no such thing', { exitCode: 2, hint: 'make one' }))).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'no such thing\nmake one\n',
    });
  });

  it('counts as wrong usage where it names no exit code', async () => {
    expect(await endWith(new HopcheckError('wrong'))).toEqual({ exitCode: 64, stdout: '', stderr: 'wrong\n' });
  });

  it('cannot write control characters of quoted text to the terminal', async () => {
    const { stderr } = await endWith(new HopcheckError('a file says \u001b[2J'));
    expect(stderr).toBe('a file says \\u001b[2J\n');
  });

  it('of another kind is a bug of hopcheck, and ends with exit 2 and the stack', async () => {
    const { exitCode, stderr } = await endWith(new Error('a bug'));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^hopcheck failed: Error: a bug\n +at /),
    });
  });
});
