import type { AppContext } from '../lab.ts';
import type { Handler, WireRequest } from '../wire.ts';
import { copyCommon } from './forward.ts';

/**
 * v1 shows no stars; v2 black ones and waits 10 s for ratings, v3 red ones and waits 2.5 s
 * (docs/facts/bookinfo.md#reviews).
 */
const STARS: Readonly<Record<string, { color: string; timeoutMs: number }>> = {
  v2: { color: 'black', timeoutMs: 10_000 },
  v3: { color: 'red', timeoutMs: 2500 },
};

type Rating = { stars: number; color: string } | { error: string };

export function reviews(context: AppContext): Handler {
  return async (request, signal) => {
    await context.clock.sleep(2, signal);
    const stars = STARS[context.version];
    const ratings = stars === undefined ? undefined : await askRatings(context, request, stars, signal);
    const review = (reviewer: string) => ({
      reviewer,
      text: `${reviewer} says something.`,
      ...(ratings && { rating: ratings[reviewer] }),
    });
    const body = JSON.stringify({
      id: '0',
      podname: context.pod,
      clustername: 'null',
      reviews: [review('Reviewer1'), review('Reviewer2')],
    });
    return { status: 200, headers: [['content-type', 'application/json']], body };
  };
}

async function askRatings(
  context: AppContext,
  inbound: WireRequest,
  { color, timeoutMs }: { color: string; timeoutMs: number },
  signal: AbortSignal,
): Promise<Record<string, Rating>> {
  try {
    const call = { inbound, service: 'ratings', path: '/ratings/0', headers: copyCommon(inbound.headers), timeoutMs };
    const { status, body } = await context.call(call, signal);
    if (status === 200) {
      const { ratings } = JSON.parse(body) as { ratings: Record<string, number> };
      return Object.fromEntries(Object.entries(ratings).map(([name, stars]) => [name, { stars, color }]));
    }
  } catch (error) {
    // The caller has gone, so no answer is needed. A rating that did not come has its own answer.
    if (signal.aborted) throw error;
  }
  const error = 'Ratings service is currently unavailable';
  return { Reviewer1: { error }, Reviewer2: { error } };
}
