import type { AppContext } from '../lab.ts';
import type { Handler, WireRequest, WireResponse } from '../wire.ts';
import { extractAndInject } from './forward.ts';
import { type PageEra, type PageParts, renderPage } from './page.ts';

/**
 * Waits 3 s for a service; tries reviews twice, details once, one after the other (docs/facts/bookinfo.md#productpage).
 */
const TIMEOUT_MS = 3000;
const REVIEWS_TRIES = 2;

/** The page is 200 whatever its services do: errors are shown in it. */
export function productpage(era: PageEra = 'tailwind'): (context: AppContext) => Handler {
  return (context) => async (request, signal) => {
    await context.clock.sleep(1, signal);
    const details = await ask(context, request, 'details', '/details/0', signal);
    let reviews: WireResponse | undefined;
    for (let tries = 0; tries < REVIEWS_TRIES && reviews === undefined; tries += 1) {
      reviews = await ask(context, request, 'reviews', '/reviews/0', signal);
    }
    const parts: PageParts = {
      details: details !== undefined,
      ...(reviews !== undefined && { reviews: JSON.parse(reviews.body) as NonNullable<PageParts['reviews']> }),
    };
    const headers: [string, string][] = [
      ['content-type', 'text/html; charset=utf-8'],
      ['vary', 'Cookie'],
    ];
    return { status: 200, headers, body: renderPage(parts, era) };
  };
}

async function ask(
  context: AppContext,
  inbound: WireRequest,
  service: string,
  path: string,
  signal: AbortSignal,
): Promise<WireResponse | undefined> {
  try {
    const headers = extractAndInject(inbound.headers);
    const answer = await context.call({ inbound, service, path, headers, timeoutMs: TIMEOUT_MS }, signal);
    return answer.status === 200 ? answer : undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
