import type { AppContext } from '../lab.ts';
import type { Handler } from '../wire.ts';

/** The details service (docs/facts/bookinfo.md#details): a leaf, one static book. */
export function details({ clock }: AppContext): Handler {
  return async (_request, signal) => {
    await clock.sleep(1, signal);
    const book = {
      id: 0,
      author: 'William Shakespeare',
      year: 1595,
      type: 'paperback',
      pages: 200,
      publisher: 'PublisherA',
      language: 'English',
      'ISBN-10': '1234567890',
      'ISBN-13': '123-1234567890',
    };
    return { status: 200, headers: [['content-type', 'application/json']], body: JSON.stringify(book) };
  };
}

/** The ratings service (docs/facts/bookinfo.md#ratings): a leaf. */
export function ratings({ clock }: AppContext): Handler {
  return async (_request, signal) => {
    await clock.sleep(1, signal);
    const body = JSON.stringify({ id: 0, ratings: { Reviewer1: 5, Reviewer2: 4 } });
    return { status: 200, headers: [['content-type', 'application/json']], body };
  };
}
