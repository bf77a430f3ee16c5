import { percent, plural } from '../../harness/model/numbers.ts';

/** A place of a template: the name of a value, and what it counts or `%`. */
const PLACE = /\{(\w+)(?: ([^}]+))?\}/g;

/** The text of a fact whose kind stands beside its code (`kind()` in harness/model/codes/definition.ts). */
export function fillTemplate(says: string, values: object): string {
  const known = new Map<string, unknown>(Object.entries(values));
  return says.replace(PLACE, (_, name: string, unit: string | undefined) => {
    const value = known.get(name);
    if (Array.isArray(value)) return value.join(', ');
    if (typeof value !== 'number' || unit === undefined) return String(value);
    return unit === '%' ? percent(value) : plural(value, unit);
  });
}
