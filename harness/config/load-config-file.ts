import { existsSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';
import type { ConfigFile } from './names.ts';

/** Looked for beside each other in the working directory; more than one would leave open which counts. */
export const CONFIG_FILES = ['ts', 'yaml', 'yml', 'json'].map((ending) => `hopcheck.config.${ending}`);

const EXAMPLE = '--config hopcheck.config.yaml';

/**
 * Reads the configuration file: TypeScript (the export `config`, or the default one), YAML, or JSON.
 * @param given `--config`; without it one of {@link CONFIG_FILES} is taken, where there is one.
 * @throws ConfigError for a file that cannot be read, and for two of them.
 */
export async function loadConfigFile(cwd: string, given?: string): Promise<ConfigFile | undefined> {
  const found = given === undefined ? CONFIG_FILES.filter((name) => existsSync(resolve(cwd, name))) : [given];
  const [path, another] = found;
  if (path === undefined) return undefined;
  if (another !== undefined)
    throw wrong(found.join(' and '), 'one configuration file, or --config to say which', undefined);
  if (/\.(m?ts|m?js)$/.test(path)) return { path, values: await importConfig(resolve(cwd, path), path) };
  const text = readText(resolve(cwd, path), path, given);
  return /^\.ya?ml$/.test(extname(path)) ? { path, values: readYaml(text, path) } : { path, text };
}

function readText(absolute: string, path: string, given: string | undefined): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    const source = given === undefined ? undefined : 'flag --config';
    throw wrong(path, `a file that can be read (${messageOf(error)})`, source);
  }
}

/** Anchors are resolved up to a limit of the library's, so that a small file cannot become a huge object. */
function readYaml(text: string, path: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw wrong(path, `YAML (it breaks at line ${line} column ${col}: ${error.code})`, undefined);
  }
  try {
    return document.toJS() ?? {};
  } catch (cause) {
    throw wrong(path, `YAML that can be resolved (${messageOf(cause)})`, undefined);
  }
}

async function importConfig(absolute: string, path: string): Promise<unknown> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(absolute).href);
  } catch (error) {
    throw wrong(path, `a module that loads (${messageOf(error)})`, undefined);
  }
  const config = module.config ?? module.default;
  if (typeof config === 'object' && config !== null) return config;
  throw wrong(path, 'an export `config` that is an object of options', undefined);
}

function wrong(value: string, expected: string, source: string | undefined): ConfigError {
  return new ConfigError([
    { option: '--config', value, ...(source !== undefined && { source }), expected, example: EXAMPLE },
  ]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
