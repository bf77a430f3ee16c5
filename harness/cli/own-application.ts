import { loadConfigFile } from '../config/load-config-file.ts';
import { findApplication } from '../definition/find-application.ts';
import type { CommandContext } from './context.ts';

/**
 * The context of one call: with the application that the flags, the environment or the configuration file name, where one
 * of them does.
 * @throws ConfigError for a definition that is wrong, naming every problem of it
 */
export async function withApplication(given: object, context: CommandContext): Promise<CommandContext> {
  const { io } = context;
  const flags: Readonly<Record<string, unknown>> = { ...given };
  const file = await loadConfigFile(io.cwd, typeof flags.config === 'string' ? flags.config : undefined);
  const application = await findApplication({ flags, env: io.env, ...(file !== undefined && { file }) }, io.cwd);
  return application === undefined ? context : { ...context, application };
}
