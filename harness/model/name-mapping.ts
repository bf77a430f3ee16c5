import type { UnknownName } from './unknown-names.ts';

/**
 * The line of the configuration that maps the names, as JSON to paste: what spans say first, then the application's name.
 * With spaces, so that it can be wrapped.
 */
export function mappingFor(names: readonly UnknownName[]): string {
  const lines = names.map(({ seen, expected }) => `${JSON.stringify(seen)}: ${JSON.stringify(expected)}`);
  return `{ "services": { ${lines.join(', ')} } }`;
}
