/**
 * Asks of each key the first value alone, and gives its answer to the others; a value without a key is asked by itself. The
 * answer must depend on nothing that the key leaves open.
 */
export function onceOf<Of, Answer>(
  keyOf: (value: Of) => object | undefined,
  ask: (value: Of) => Answer,
): (value: Of) => Answer {
  const known = new Map<object, { readonly answer: Answer }>();
  return (value) => {
    const key = keyOf(value);
    if (key === undefined) return ask(value);
    const { answer } = known.get(key) ?? { answer: ask(value) };
    if (!known.has(key)) known.set(key, { answer });
    return answer;
  };
}
