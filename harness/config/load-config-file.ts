import { existsSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { type ErrorCode, LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';
import { importConfig } from './import-config.ts';
import type { ConfigFile } from './names.ts';
import { fileExample } from './names.ts';
import { lineFinder } from './yaml-lines.ts';
import { yamlTrouble } from './yaml-trouble.ts';

/** Looked for beside each other in the working directory; more than one would leave open which counts. */
export const CONFIG_FILES = ['ts', 'yaml', 'yml', 'json'].map((ending) => `hopcheck.config.${ending}`);

/** A file, and whether `--config` names it. */
interface Asked {
  readonly path: string;
  readonly isGiven: boolean;
  readonly option: string;
  /** Default: the option's flag. */
  readonly source?: string;
  /** Default: one of a configuration file. */
  readonly example?: string;
}

/**
 * Reads the configuration file: TypeScript (the export `config`, or the default one), YAML, or JSON.
 * @param given `--config`; without it one of {@link CONFIG_FILES} is taken, where there is one.
 * @throws ConfigError for a file that cannot be read, and for two of them.
 */
export async function loadConfigFile(cwd: string, given?: string): Promise<ConfigFile | undefined> {
  const found = given === undefined ? CONFIG_FILES.filter((name) => existsSync(resolve(cwd, name))) : [given];
  const [path, another] = found;
  if (path === undefined) return undefined;
  const asked = { path, isGiven: given !== undefined, option: '--config' };
  if (another !== undefined)
    throw wrong({ ...asked, path: found.join(' and ') }, 'one configuration file, or --config to say which', EXAMPLE);
  return readConfig(cwd, asked, ['config', 'default']);
}

/**
 * Reads another file of the same formats, which an option names.
 * @param names exports that a TypeScript file may have it under, the first one that is there counts.
 * @throws ConfigError for a file that cannot be read
 */
export function loadNamedFile(
  cwd: string,
  path: string,
  option: { readonly name: string; readonly source: string; readonly example: string },
  names: readonly string[],
): Promise<ConfigFile> {
  return readConfig(cwd, { path, isGiven: true, option: option.name, ...option }, names);
}

async function readConfig(cwd: string, asked: Asked, names: readonly string[]): Promise<ConfigFile> {
  const { path } = asked;
  const text = readText(resolve(cwd, path), asked);
  const ending = extname(path).toLowerCase();
  if (/^\.(m?ts|m?js)$/.test(ending)) {
    const { values, trouble } = await importConfig(resolve(cwd, path), names);
    if (trouble !== undefined) throw wrong(asked, trouble);
    return { path, values };
  }
  if (/^\.ya?ml$/.test(ending)) return { path, ...readYaml(text, asked) };
  return { path, text, ...refuseRepeatedKeys(text, asked) };
}

const EXAMPLE = '--config hopcheck.config.yaml';

function readText(absolute: string, asked: Asked): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    throw wrong(asked, `a file that can be read (${messageOf(error)})`, asked.example ?? EXAMPLE);
  }
}

/** Anchors are resolved up to a limit of the library's, so that a small file cannot become a huge object. */
function readYaml(text: string, asked: Asked): Pick<ConfigFile, 'values' | 'lineOf'> {
  const { document, lineOf, trouble } = parseYaml(text);
  if (trouble !== undefined) throw wrong(asked, `YAML (it breaks at ${trouble.place}: ${trouble.words})`);
  try {
    return { values: document.toJS() ?? {}, lineOf };
  } catch (cause) {
    throw wrong(asked, `YAML that can be resolved (${messageOf(cause)})`);
  }
}

/** `JSON.parse` takes the last of two in silence (RFC 8259 §4 leaves it open); all JSON is YAML, which does not. */
function refuseRepeatedKeys(text: string, asked: Asked): Pick<ConfigFile, 'lineOf'> {
  const { trouble, lineOf } = parseYaml(text, 'DUPLICATE_KEY');
  if (trouble !== undefined) throw wrong(asked, `each key once (${trouble.place} repeats one)`);
  return lineOf === undefined ? {} : { lineOf };
}

/** @param only the one trouble that matters; absent: any. */
function parseYaml(text: string, only?: ErrorCode) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const error = document.errors.find(({ code }) => only === undefined || code === only);
  if (error === undefined) return { document, lineOf: lineFinder(document, lineCounter) };
  const { line, col } = lineCounter.linePos(error.pos[0]);
  const place = `line ${line} column ${col}`;
  return { document, trouble: { place, words: yamlTrouble(error.code) } };
}

function wrong(asked: Asked, expected: string, example = asked.example ?? fileExample(asked.path)): ConfigError {
  const { path, isGiven, option, source = `flag ${option}` } = asked;
  return new ConfigError([{ option, value: path, ...(isGiven && { source }), expected, example }]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
