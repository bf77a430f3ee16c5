import type { RunReport } from '../model/report.ts';

const SHOWN = 3;

/** Why two reports cannot be compared, in words; undefined: they can. An application may have got or lost calls. */
export function whyNotComparable(before: RunReport, after: RunReport): string | undefined {
  const kinds = [before, after].map(({ run }) => run.contract?.service);
  const [was, is] = kinds;
  if (was !== is) {
    const [one, other] = kinds.map((service) => (service === undefined ? 'a mesh' : `the service ${service} alone`));
    return `two reports of the same application; the first is of ${one}, the second of ${other}`;
  }
  const known = new Set(callsOf(before));
  if (before.hops.length === 0 || after.hops.length === 0 || callsOf(after).some((call) => known.has(call)))
    return undefined;
  return `two reports of the same application; the first is of ${listed(before)}, the second of ${listed(after)}`;
}

/** Without the gateway, whose name in spans may differ from run to run. */
export function callKey({ caller, callee }: RunReport['hops'][number], index: number): string {
  return index === 0 ? `->${callee}` : `${caller}->${callee}`;
}

function callsOf({ hops }: RunReport): readonly string[] {
  return hops.map(callKey);
}

function listed({ hops }: RunReport): string {
  const names = hops.slice(0, SHOWN).map(({ caller, callee }) => `${caller}->${callee}`);
  return `${names.join(', ')}${hops.length > SHOWN ? ' …' : ''}`;
}
