/** `640 µs`, `12.3 ms`, `1.25 s`: three digits that say something, and a space that does not break. */
export function duration(micros: number): string {
  const size = Math.abs(micros);
  if (size < 1000) return `${Math.round(micros)}\u00a0µs`;
  if (size < 1_000_000) return `${digits(micros / 1000)}\u00a0ms`;
  return `${digits(micros / 1_000_000)}\u00a0s`;
}

/** `30 ms` where that is all there is to say. */
export function roundDuration(micros: number): string {
  return duration(micros).replace(/\.0+(?=\u00a0)/, '');
}

function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

/** `65 traces`, `1 trace`, `16 000 spans` */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** Thousands apart by a thin space that does not break. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** `33 %`, `0.4 %` */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value)}\u00a0%`;
}

/** What may stand in an id: letters, digits and hyphens of what was given. */
export function slug(text: string): string {
  return text
    .slice(0, 60)
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** Cut in the middle, where ids and operations differ least. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = Math.ceil((longest - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (longest - 1 - head))}`;
}
