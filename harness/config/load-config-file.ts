import { existsSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { type ErrorCode, LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';
import { importConfig } from './import-config.ts';
import type { ConfigFile } from './names.ts';
import { fileExample } from './names.ts';
import { yamlTrouble } from './yaml-trouble.ts';

/** Looked for beside each other in the working directory; more than one would leave open which counts. */
export const CONFIG_FILES = ['ts', 'yaml', 'yml', 'json'].map((ending) => `hopcheck.config.${ending}`);

/** A file, and whether `--config` names it. */
interface Asked {
  readonly path: string;
  readonly isGiven: boolean;
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
  const asked = { path, isGiven: given !== undefined };
  if (another !== undefined)
    throw wrong({ ...asked, path: found.join(' and ') }, 'one configuration file, or --config to say which', EXAMPLE);
  const text = readText(resolve(cwd, path), asked);
  const ending = extname(path).toLowerCase();
  if (/^\.(m?ts|m?js)$/.test(ending)) {
    const { values, trouble } = await importConfig(resolve(cwd, path));
    if (trouble !== undefined) throw wrong(asked, trouble);
    return { path, values };
  }
  if (/^\.ya?ml$/.test(ending)) return { path, values: readYaml(text, asked) };
  refuseRepeatedKeys(text, asked);
  return { path, text };
}

const EXAMPLE = '--config hopcheck.config.yaml';

function readText(absolute: string, asked: Asked): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    throw wrong(asked, `a file that can be read (${messageOf(error)})`, EXAMPLE);
  }
}

/** Anchors are resolved up to a limit of the library's, so that a small file cannot become a huge object. */
function readYaml(text: string, asked: Asked): unknown {
  const { document, trouble } = parseYaml(text);
  if (trouble !== undefined) throw wrong(asked, `YAML (it breaks at ${trouble.place}: ${trouble.words})`);
  try {
    return document.toJS() ?? {};
  } catch (cause) {
    throw wrong(asked, `YAML that can be resolved (${messageOf(cause)})`);
  }
}

/** `JSON.parse` takes the last of two in silence (RFC 8259 §4 leaves it open); all JSON is YAML, which does not. */
function refuseRepeatedKeys(text: string, asked: Asked): void {
  const { trouble } = parseYaml(text, 'DUPLICATE_KEY');
  if (trouble !== undefined) throw wrong(asked, `each key once (${trouble.place} repeats one)`);
}

/** @param only the one trouble that matters; absent: any. */
function parseYaml(text: string, only?: ErrorCode) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const error = document.errors.find(({ code }) => only === undefined || code === only);
  if (error === undefined) return { document };
  const { line, col } = lineCounter.linePos(error.pos[0]);
  const place = `line ${line} column ${col}`;
  return { document, trouble: { place, words: yamlTrouble(error.code) } };
}

function wrong({ path, isGiven }: Asked, expected: string, example = fileExample(path)): ConfigError {
  return new ConfigError([
    { option: '--config', value: path, ...(isGiven && { source: 'flag --config' }), expected, example },
  ]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
