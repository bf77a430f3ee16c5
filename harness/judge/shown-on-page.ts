import type { Application } from '../model/application.ts';
import type { Capture } from '../model/capture.ts';

const counted = new WeakMap<Capture['exchanges'], ReadonlyMap<string, number>>();

/**
 * Of how many requests the answer shows a version of the service: what the service answered is in it, so the call was
 * made, whether or not a span shows it. 0 where no answer says so, which proves nothing.
 */
export function answersShowing(service: string, { exchanges }: Capture, application: Application): number {
  const known = counted.get(exchanges) ?? countOf(exchanges, application.versioned?.service);
  counted.set(exchanges, known);
  return known.get(service) ?? 0;
}

function countOf(exchanges: Capture['exchanges'], first: string | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (service: string) => counts.set(service, (counts.get(service) ?? 0) + 1);
  for (const { answer } of exchanges) {
    if (first !== undefined && answer?.page.version !== undefined) add(first);
    for (const service of Object.keys(answer?.page.further ?? {})) add(service);
  }
  return counts;
}
