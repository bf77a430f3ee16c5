import { describe, expect, it } from 'vitest';
import { type PageEra, type PageParts, renderPage } from '../fixtures/bookinfo/page.ts';
import { readBookinfoPage } from './bookinfo-page.ts';

const read = (parts: PageParts, era: PageEra) => readBookinfoPage({ body: renderPage(parts, era) });
function reviews(version: string, rating?: { stars?: number; color?: string; error?: string }): PageParts {
  const review = { reviewer: 'Reviewer1', text: 'Good.', ...(rating && { rating }) };
  return { details: true, reviews: { podname: `reviews-${version}-5c6d7f8b9-lab01`, reviews: [review, review] } };
}
/** Images before 1.16.4 print no pod. */
const withoutPod = (body: string) => body.replace(/<dl><dt>Reviews served by:[\s\S]*?<\/dl>/, '');

describe.each(['tailwind', 'bootstrap'] as const)('the %s page', (era) => {
  it('tells the version by the name of the pod', () => {
    expect(read(reviews('v2', { stars: 5, color: 'black' }), era)).toEqual({
      whole: true,
      version: 'v2',
      pod: 'reviews-v2-5c6d7f8b9-lab01',
      versionFrom: 'pod name',
      banners: [],
    });
  });

  it('shows that ratings is down, and still tells the version', () => {
    const page = read(reviews('v3', { error: 'Ratings service is currently unavailable' }), era);
    expect(page).toMatchObject({ version: 'v3', banners: [{ service: 'ratings' }] });
  });

  it('tells no version when reviews could not be fetched', () => {
    const page = read({ details: false }, era);
    expect(page.version).toBeUndefined();
    expect(page.banners.map(({ service }) => service)).toEqual(['details', 'reviews']);
    expect(page.whole).toBe(true);
  });
});

describe('a page without pod names', () => {
  it.each([
    ['v1', undefined, 'no stars'],
    ['v2', 'black', 'star colour'],
    ['v3', 'red', 'star colour'],
  ])('tells %s by %s stars', (version, color, versionFrom) => {
    const parts = reviews(version, color === undefined ? undefined : { stars: 5, color });
    const page = readBookinfoPage({ body: withoutPod(renderPage(parts, 'bootstrap')) });
    expect(page).toEqual({ whole: true, version, versionFrom, banners: [] });
  });

  it('tells none when the stars are missing because ratings is down', () => {
    const parts = reviews('v2', { error: 'Ratings service is currently unavailable' });
    expect(readBookinfoPage({ body: withoutPod(renderPage(parts, 'bootstrap')) }).version).toBeUndefined();
  });
});

it('does not take another page, or half of one, for whole', () => {
  const page = renderPage(reviews('v1'), 'tailwind');
  expect(readBookinfoPage({ body: '<html><title>Login</title></html>' }).whole).toBe(false);
  expect(readBookinfoPage({ body: page.slice(0, -10) }).whole).toBe(false);
  expect(readBookinfoPage({ body: '' })).toEqual({ whole: false, banners: [] });
});
