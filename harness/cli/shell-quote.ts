/** For a POSIX shell, in double quotes; a `$NAME` placeholder of a secret stays one. */
export function shellQuote(text: string): string {
  const escaped = text.replace(/["\\`]/g, (character) => `\\${character}`).replace(/\$(?![A-Z][A-Z0-9_]*\b)/g, '\\$');
  return `"${escaped}"`;
}

/** Quoted only where a shell would read it otherwise. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : shellQuote(text);
}
