import type { ConfigProblem } from './config-error.ts';
import { didYouMean } from './did-you-mean.ts';
import { keyOf, OPTION_NAMES, variableOf } from './options.ts';

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** The options of the file; what is no JSON object is a problem. */
export function readConfigFile(
  file: ConfigFile | undefined,
  problems: ConfigProblem[],
): Readonly<Record<string, unknown>> {
  if (file === undefined) return {};
  const wrong = (expected: string) => {
    problems.push({
      option: file.path,
      expected,
      example: '{"ingress": "http://127.0.0.1:8080", "jaeger": "http://127.0.0.1:16686"}',
    });
    return {};
  };
  try {
    const value: unknown = JSON.parse(file.text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return wrong('a JSON object of options');
  } catch (error) {
    return wrong(`JSON${whereBroken(error)}`);
  }
}

/** Without the piece of the file that the engine quotes: it may be a secret. */
function whereBroken(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const [, place] = /at position \d+ (\(line \d+ column \d+\))/.exec(message) ?? [];
  const [, what] = /^(Unexpected (?:token '.'|end))/.exec(message) ?? [];
  return place !== undefined ? ` ${place}` : what !== undefined ? ` (${what.toLowerCase()})` : '';
}

/** A misspelt name must not be passed over: the run would be another than was meant. */
export function checkNames(
  { env, file }: { readonly env: Readonly<Record<string, string | undefined>>; readonly file?: ConfigFile },
  keys: Readonly<Record<string, unknown>>,
  problems: ConfigProblem[],
): void {
  const known = OPTION_NAMES.map(keyOf);
  for (const key of Object.keys(keys)) {
    if (known.includes(key) || key === '$schema') continue;
    const near = didYouMean(key, known);
    problems.push({
      option: `"${key}"`,
      source: `file ${file?.path}`,
      expected: near === undefined ? `one of ${known.join(', ')}` : `"${near}"`,
      example: '{"ingress": "http://127.0.0.1:8080"}',
    });
  }
  const variableNames = OPTION_NAMES.map(variableOf);
  for (const key of Object.keys(env)) {
    if (!key.startsWith('HOPCHECK_') || variableNames.includes(key.replace(/_\d+$/, ''))) continue;
    const near = didYouMean(key, variableNames);
    if (near !== undefined) problems.push({ option: key, source: 'environment', expected: near, example: `${near}=…` });
  }
}
