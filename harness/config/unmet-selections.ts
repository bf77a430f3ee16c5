import { CODES } from '../model/codes.ts';
import type { Selection } from '../model/finding.ts';
import { codesOf } from '../model/policy.ts';
import type { PromiseId } from '../model/promises.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { resolveOptions } from './resolve.ts';

/** Promises that no report has without another option, and that option. */
const NEEDS: Partial<Readonly<Record<PromiseId, { readonly needs: string; readonly example: string }>>> = {
  configuration: {
    needs: '--kube, because no configuration is read without it',
    example: '--kube --only configuration',
  },
  'sampling-rate': {
    needs: '--sampling or --kube, because no rate is known without them',
    example: '--sampling 100 --only sampling-rate',
  },
};

/** Selections that no report of these promises can meet, with the option they need. */
export function unmetSelections(only: readonly Selection[], judged: (promise: PromiseId) => boolean) {
  return only.flatMap(({ what }) => {
    const promises = [...new Set((codesOf(what) ?? []).map((code) => CODES[code].promise))];
    const [first] = promises;
    const need = first === undefined || promises.some(judged) ? undefined : NEEDS[first];
    return need === undefined ? [] : [{ what, ...need }];
  });
}

/** A run that would send all its probes and then judge nothing. @throws ConfigError */
export function checkSelection(input: ConfigInput): void {
  const { only, kube, sampling } = resolveOptions(input, ['only', 'kube', 'sampling']).parsed;
  if (only === undefined || kube?.value === true) return;
  const unmet = unmetSelections(only.value, (id) => NEEDS[id] === undefined || (id === 'sampling-rate' && !!sampling));
  if (unmet.length === 0) return;
  const source = `${only.source} ${only.from}`;
  throw new ConfigError(
    unmet.map(({ what, needs, example }) => ({ option: '--only', value: what, source, expected: needs, example })),
  );
}
