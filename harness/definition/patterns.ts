/** Why this is not a regular expression; undefined: it is one. */
export function trouble(source: string): string | undefined {
  try {
    toPattern(source);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
  }
}

/** @throws SyntaxError */
export function toPattern(source: string): RegExp {
  return new RegExp(source);
}
