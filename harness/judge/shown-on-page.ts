import type { Application } from '../model/application.ts';
import type { Capture } from '../model/capture.ts';
import { shownVersions, versionOf } from '../model/expected.ts';

const counted = new WeakMap<Capture['exchanges'], Map<string, number>>();

/**
 * The number of answers that show a version of the service. Each proves that the service was called, whether or not a span
 * shows the call. 0 proves nothing.
 */
export function answersShowing(service: string, { exchanges }: Capture, application: Application): number {
  const counts = counted.get(exchanges) ?? new Map<string, number>();
  counted.set(exchanges, counts);
  const known = counts.get(service);
  if (known !== undefined) return known;
  const showing = exchanges.filter(
    ({ answer }) => versionOf({ service }, application, shownVersions(answer?.page)) !== undefined,
  );
  counts.set(service, showing.length);
  return showing.length;
}
