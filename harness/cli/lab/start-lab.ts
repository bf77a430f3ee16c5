import { ConfigError } from '../../config/config-error.ts';
import type { Engine, Lab, LabOptions } from '../../lab/lab.ts';
import { startStandin } from '../../lab/standin.ts';

type Say = (line: string) => void;
type Start = (options: LabOptions, say: Say, signal?: AbortSignal) => Promise<Lab>;

/**
 * The engines of real parts. The package does not hold them: loading one is the only way from hopcheck into fixtures/,
 * and only a checkout has it (tools/arrows.ts holds that). They bring processes and an installer with them.
 */
const REAL_ENGINES: Readonly<Record<Exclude<Engine, 'standin'>, () => Promise<Start>>> = {
  envoy: async () => {
    const { startEnvoyLab } = await import('../../../fixtures/envoy/engine.ts');
    const { installReal } = await import('../../../fixtures/envoy/install.ts');
    return async (options, say, signal) => {
      say('starting real Envoy and real Jaeger …');
      return startEnvoyLab(options, await installReal(say, signal), signal);
    };
  },
  istio: async () => {
    const { startIstioLab } = await import('../../../fixtures/istio/start.ts');
    return startIstioLab;
  },
};

/**
 * Starts a lab on the engine its options name.
 * @param say gets a line about each step that takes long.
 * @param signal ends the start, and rejects with its reason once nothing is left up; it does not end a lab that is up.
 * @throws ConfigError for an engine that only a checkout has, where hopcheck runs from the package.
 */
export async function startLab(options: LabOptions, say: Say = () => undefined, signal?: AbortSignal): Promise<Lab> {
  // Up before a signal could be seen.
  if (options.engine === 'standin') return startStandin(options);
  const start = await loaded(options.engine);
  return start(options, say, signal);
}

async function loaded(engine: Exclude<Engine, 'standin'>): Promise<Start> {
  try {
    return await REAL_ENGINES[engine]();
  } catch (error) {
    if (!isMissingModule(error)) throw error;
    throw new ConfigError([
      {
        option: '--engine',
        value: engine,
        source: 'flag --engine',
        expected: 'standin; the other engines come only with a checkout of the hopcheck repository',
        example: '--engine standin',
      },
    ]);
  }
}

function isMissingModule(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
