/** One of several that could be meant. */
export interface Option {
  /** As the flag takes it: `istio-system/tracing`. */
  readonly id: string;
  /** The flag that picks it. */
  readonly flag: string;
  /** Why it could be meant. */
  readonly why: string;
}

/** What a search comes to. Exactly one is used; which of several is for a person to say, never guessed. */
export type Choice<T> =
  | { readonly found: 'one'; readonly value: T; readonly why: string }
  | { readonly found: 'none'; readonly looked: string }
  | { readonly found: 'several'; readonly options: readonly Option[] };

export interface Candidate<T> extends Option {
  readonly value: T;
}

/**
 * @param pick what the flag says; then only those with that id count, and where there are none nothing is found.
 * @param looked where was looked, for the message that nothing was found.
 */
export function choose<T>(candidates: readonly Candidate<T>[], looked: string, pick?: string): Choice<T> {
  const left = pick === undefined ? candidates : candidates.filter(({ id }) => id === pick);
  const [first, ...others] = left;
  if (first === undefined) {
    const instead =
      pick === undefined ? '' : `; ${pick} is not one of: ${candidates.map(({ id }) => id).join(', ') || 'nothing'}`;
    return { found: 'none', looked: `${looked}${instead}` };
  }
  if (others.length > 0) return { found: 'several', options: left.map(({ id, flag, why }) => ({ id, flag, why })) };
  return { found: 'one', value: first.value, why: pick === undefined ? first.why : `${first.why}, picked` };
}
