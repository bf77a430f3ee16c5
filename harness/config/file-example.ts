import { extname } from 'node:path';

/** One option as a file of that kind has it. @param value as JSON. */
export function fileExample(path: string | undefined, key = 'ingress', value = '"http://127.0.0.1:8080"'): string {
  const ending = extname(path ?? '').toLowerCase();
  if (/^\.ya?ml$/.test(ending)) return `${key}: ${value.replace(/^"(.*)"$/, '$1')}`;
  return /^\.(m?ts|m?js)$/.test(ending) ? `export const config = { ${key}: ${value} };` : `{"${key}": ${value}}`;
}
