import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Lab } from '../../lab/lab.ts';
import type { Io } from '../io.ts';

/**
 * Runs a command of a shell while the lab is up. hopcheck in it finds the lab by its variables; a target that the environment
 * names otherwise does not apply. Resolves to its exit code, or 128 and the signal that ended it.
 * @param signal ends the command, as Ctrl-C does, which a terminal sends to it as well.
 */
export function runFor(
  command: string,
  { ingressUrl, jaegerUrl }: Lab,
  { env, cwd, stdout, stderr }: Io,
  signal: AbortSignal,
): Promise<number> {
  const child = spawn(command, {
    shell: true,
    cwd,
    stdio: ['inherit', 'pipe', 'pipe'],
    env: {
      ...env,
      HOPCHECK_KUBE: undefined,
      HOPCHECK_JAEGER: undefined,
      HOPCHECK_INGRESS: ingressUrl,
      HOPCHECK_TRACES: jaegerUrl,
    },
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.data(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.data(text));
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', end);
      resolve(code ?? 128 + (by === null ? 0 : constants.signals[by]));
    });
  });
}
