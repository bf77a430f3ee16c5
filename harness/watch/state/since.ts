/** RFC 3339 section 5.6: a full date and time with its offset. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads a time. One without a fraction stands for its whole second: a run that started within it may have started before
 * what the caller did, so it does not count.
 * @returns epoch, ms; undefined: not a time of RFC 3339
 */
export function readSince(given: string): number | undefined {
  // A plus sign that is not escaped in a query arrives as a space.
  const text = given.replace(/ (?=\d{2}:\d{2}$)/, '+');
  const match = RFC3339.exec(text);
  const ms = Date.parse(text.replace(' ', 'T').toUpperCase());
  if (match === null || Number.isNaN(ms)) return undefined;
  return match[1] === undefined ? ms + 999 : ms;
}
