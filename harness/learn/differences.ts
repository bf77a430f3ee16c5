import { callOf } from '../definition/names.ts';
import type { CallDefinition, Definition } from '../definition/schema.ts';
import { edgeOf } from './learn-input.ts';
import { renamedDefinition, renamesIn } from './rename.ts';

/** One thing that a definition has otherwise than another. `id` is what `--accept` takes. */
export type Difference = { readonly id: string } & (
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'call';
      readonly caller: string;
      readonly before?: CallDefinition;
      readonly after?: CallDefinition;
    }
  /** A part under one key, such as `versions.orders`. */
  | { readonly kind: 'part'; readonly path: readonly string[]; readonly before?: unknown; readonly after?: unknown }
);

/** Parts that are compared key by key. */
const KEYED = ['requests', 'versions', 'services'] as const;
const WHOLE = ['gateway', 'entry', 'timeout'] as const;

/** What the second definition has otherwise; names first, because all else has the new ones. Empty: nothing. */
export function differencesOf(before: Definition, after: Definition): readonly Difference[] {
  const renames = renamesIn(before, after);
  const own = renamedDefinition(before, renames);
  return [
    ...renames.map((rename) => ({ kind: 'rename' as const, id: `${rename.from}=${rename.to}`, ...rename })),
    ...callDifferences(own, after),
    ...WHOLE.flatMap((key) => partDifference([key], own[key], after[key])),
    ...KEYED.flatMap((key) =>
      [...new Set([...Object.keys(own[key] ?? {}), ...Object.keys(after[key] ?? {})])].flatMap((name) =>
        partDifference([key, name], own[key]?.[name], after[key]?.[name]),
      ),
    ),
  ];
}

function callDifferences(before: Definition, after: Definition): readonly Difference[] {
  const callers = [...new Set([...Object.keys(before.calls), ...Object.keys(after.calls)])];
  return callers.flatMap((caller) => {
    const [old, fresh] = [before, after].map(
      ({ calls }) => new Map((calls[caller] ?? []).map(callOf).map((call) => [call.to, call])),
    ) as [Map<string, CallDefinition>, Map<string, CallDefinition>];
    return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((callee): Difference[] => {
      const [one, other] = [old.get(callee), fresh.get(callee)];
      if (isSame(one, other)) return [];
      return [
        {
          kind: 'call',
          id: edgeOf(caller, callee),
          caller,
          ...(one !== undefined && { before: one }),
          ...(other !== undefined && { after: other }),
        },
      ];
    });
  });
}

function partDifference(path: readonly string[], before: unknown, after: unknown): readonly Difference[] {
  return isSame(before, after) ? [] : [{ kind: 'part', id: path.join('.'), path, before, after }];
}

/** By what is in them: the order of keys says nothing. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
