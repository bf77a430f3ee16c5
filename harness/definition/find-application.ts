import { ConfigError } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { findOption } from '../config/find-option.ts';
import { loadNamedFile } from '../config/load-config-file.ts';
import { type ConfigFile, readConfigFile } from '../config/names.ts';
import type { ReadableApplication } from '../model/application.ts';
import { compileApplication } from './compile.ts';
import { type DefinitionSource, readDefinition } from './read-definition.ts';
import type { Definition } from './schema.ts';

type Given = Pick<ConfigInput, 'flags' | 'env' | 'file'>;

/** A definition, and where it is from. */
export interface FoundDefinition {
  readonly definition: Definition;
  readonly from: string;
}

/**
 * The definition that flag, environment or configuration file names; undefined: none does.
 * @throws ConfigError naming every problem of it at once
 */
export async function findDefinition(input: Given, cwd: string): Promise<FoundDefinition | undefined> {
  const values = readConfigFile(input.file, []);
  const found = findOption('application', { ...input, readFile: () => '' }, values);
  if (found === undefined) return undefined;
  const { raw, source, from } = found;
  if (typeof raw !== 'string') return readFrom(raw, inlineSource(input.file), input.env);
  const option = { name: '--application', source: `${source} ${from}`, example: '--application shop.yaml' };
  const file = await loadNamedFile(cwd, raw, option, ['application', 'default']);
  return readFrom(valuesOf(file), { from: raw, ...(file.lineOf !== undefined && { lineOf: file.lineOf }) }, input.env);
}

/** The same, ready to use. */
export async function findApplication(input: Given, cwd: string): Promise<ReadableApplication | undefined> {
  const found = await findDefinition(input, cwd);
  return found && compileApplication(found.definition, { from: found.from, env: input.env });
}

function readFrom(values: unknown, source: DefinitionSource, env: Given['env']): FoundDefinition {
  return { definition: readDefinition(values, source, env), from: source.from };
}

function inlineSource(file: ConfigFile | undefined): DefinitionSource {
  const lineOf = file?.lineOf;
  return {
    from: `${file?.path ?? 'the configuration'}, "application"`,
    ...(lineOf !== undefined && { lineOf: (path) => lineOf(['application', ...path]) }),
  };
}

/** JSON may be wrong, which {@link readConfigFile} reports as a problem of the configuration file; here it is of this one. */
function valuesOf(file: ConfigFile): unknown {
  if (file.text === undefined) return file.values;
  const problems: Parameters<typeof readConfigFile>[1] = [];
  const values = readConfigFile(file, problems);
  if (problems.length > 0) throw new ConfigError(problems.map((one) => ({ ...one, option: '--application' })));
  return values;
}
