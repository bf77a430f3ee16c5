import { parseDocument } from 'yaml';
import { ConfigError } from '../config/config-error.ts';

/** YAML, and with it JSON. @throws Error that says where it breaks. */
export function parseYamlText(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(error.message.split('\n')[0] ?? 'not YAML');
  return document.toJS();
}

/** The file of `hopcheck contract <file>`. @throws ConfigError */
export function readContractFile(path: string, readFile: (path: string) => string): Readonly<Record<string, unknown>> {
  const wrong = (expected: string) =>
    new ConfigError([
      { option: 'the contract file', value: path, expected, example: 'service: http://127.0.0.1:9080/orders' },
    ]);
  let values: unknown;
  try {
    values = parseYamlText(readFile(path));
  } catch (error) {
    throw wrong(`a YAML or JSON file that can be read (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw wrong('keys such as service and upstreams');
  return values as Readonly<Record<string, unknown>>;
}
