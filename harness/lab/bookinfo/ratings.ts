import type { AppContext } from '../lab.ts';
import type { Handler } from '../wire.ts';

/** The ratings service (facts/istio-bookinfo.md §1.4): a leaf. */
export function ratings({ clock }: AppContext): Handler {
  return async (_request, signal) => {
    await clock.sleep(1, signal);
    const body = JSON.stringify({ id: 0, ratings: { Reviewer1: 5, Reviewer2: 4 } });
    return { status: 200, headers: [['content-type', 'application/json']], body };
  };
}
