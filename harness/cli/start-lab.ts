import type { Lab, LabOptions } from '../lab/lab.ts';
import { startStandin } from '../lab/standin.ts';

/**
 * Starts a lab on the engine its options name.
 * @param say gets a line about each step that takes long.
 * @param signal ends the start, and rejects with its reason once nothing is left up; a lab that is up it ends no more.
 */
export async function startLab(
  options: LabOptions,
  say: (line: string) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Lab> {
  // Up before a signal could be seen.
  if (options.engine === 'standin') return startStandin(options);
  // Loaded only when asked for: it brings processes and an installer with it.
  const { startEnvoyLab } = await import('../../fixtures/envoy/engine.ts');
  const { installReal } = await import('../../fixtures/envoy/install.ts');
  return startEnvoyLab(options, await installReal(say, signal), signal);
}
