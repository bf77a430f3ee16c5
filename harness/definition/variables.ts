/** `${NAME}`: a variable of the environment, because a secret must not stand in a file. */
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export interface FilledIn {
  readonly text: string;
  /** The values put in, each with its placeholder. */
  readonly secrets: readonly { readonly value: string; readonly placeholder: string }[];
  /** Variables that are not set. */
  readonly unset: readonly string[];
}

/** Puts the environment's values in the place of `${NAME}`. */
export function fillIn(given: string, env: Readonly<Record<string, string | undefined>>): FilledIn {
  const names = [...new Set([...given.matchAll(VARIABLE)].map(([, name = '']) => name))];
  const unset = names.filter((name) => (env[name] ?? '') === '');
  return {
    text: given.replace(VARIABLE, (_, name: string) => env[name] ?? ''),
    secrets: names.flatMap((name) => {
      const value = env[name] ?? '';
      return value === '' ? [] : [{ value, placeholder: `$${name}` }];
    }),
    unset,
  };
}

/** The same in every text of a JSON value. */
export function fillInJson(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Omit<FilledIn, 'text'> & { readonly value: unknown } {
  const secrets: FilledIn['secrets'][number][] = [];
  const unset: string[] = [];
  const filled = JSON.parse(JSON.stringify(value), (_, one: unknown) => {
    if (typeof one !== 'string') return one;
    const result = fillIn(one, env);
    secrets.push(...result.secrets);
    unset.push(...result.unset);
    return result.text;
  }) as unknown;
  return { value: filled, secrets, unset };
}
