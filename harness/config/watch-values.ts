import { isIP } from 'node:net';
import { fromText } from './values.ts';

// Schemas of the options of hopcheck watch, as values.ts has those of a run.

const PER_SECOND: Readonly<Record<string, number>> = { rps: 1, rpm: 1 / 60, rph: 1 / 3600 };

/** `2rps`, `30rpm`, `3600rph` → requests a second; a run goes by it too, and none is slower than 0.1 a second. */
export const budget = fromText(/^(\d+(?:\.\d+)?)(rps|rpm|rph)$/, ([, amount = '', unit = '']) => {
  const perSecond = Number(amount) * (PER_SECOND[unit] ?? Number.NaN);
  return perSecond >= 0.1 && perSecond <= 1000 ? { perSecond } : undefined;
});

/** `127.0.0.1:8484`, `[::1]:0`, `localhost:8484` → where to listen */
export const listenAddress = fromText(
  /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/,
  ([, six, four, digits = '']) => {
    const [host, port] = [six ?? four ?? '', Number(digits)];
    const isKnown = six === undefined ? host === 'localhost' || isIP(host) === 4 : isIP(host) === 6;
    return isKnown && port <= 65_535 ? { host, port } : undefined;
  },
);

/** `2/3` → two of the last three runs */
export const agreement = fromText(/^(\d+)\/(\d+)$/, ([, few = '', many = '']) => {
  const [runs, of] = [Number(few), Number(many)];
  return runs >= 1 && runs <= of && of <= 100 ? { runs, of } : undefined;
});

/** Printable characters, so many that it cannot be guessed. */
export const bearerToken = fromText(/^[!-~]{16,}$/, ([text]) => text);
