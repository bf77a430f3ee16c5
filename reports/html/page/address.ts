/** What the address of the page says of the traces: which one is shown, and how the list is narrowed and sorted. */
export interface Address {
  /** Id of the probe whose trace is shown; absent: none was chosen. */
  readonly probe?: string;
  readonly filter: TraceFilter;
}

export interface TraceFilter {
  readonly text: string;
  readonly state: string;
  readonly version: string;
  readonly sort: string;
}

export const NO_FILTER: TraceFilter = { text: '', state: '', version: '', sort: '' };
const NAMES = ['state', 'version', 'sort', 'text'] as const;
const TRACE = 'trace-';

/** Reads `#trace-p012&state=broken&sort=slow`, or `#traces&state=broken`. undefined: the address is of something else. */
export function readAddress(hash: string): Address | undefined {
  const [anchor = '', ...rest] = hash.slice(1).split('&');
  if (anchor !== 'traces' && !anchor.startsWith(TRACE)) return undefined;
  const given = new URLSearchParams(rest.join('&'));
  const filter = Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ''])) as unknown as TraceFilter;
  return { ...(anchor !== 'traces' && { probe: anchor.slice(TRACE.length) }), filter };
}

/** Only what differs from the page as it opens is in it. */
export function writeAddress({ probe, filter }: Address): string {
  const given = new URLSearchParams(NAMES.flatMap((name) => (filter[name] === '' ? [] : [[name, filter[name]]])));
  const anchor = probe === undefined ? 'traces' : `${TRACE}${probe}`;
  return `#${[anchor, given.toString()].filter((part) => part !== '').join('&')}`;
}
