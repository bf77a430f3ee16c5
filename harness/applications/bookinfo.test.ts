import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBookinfoPage as readInCode } from '../../fixtures/testing/bookinfo-page-reader.ts';
import { type PageEra, type PageParts, renderPage } from '../lab/bookinfo/page.ts';
import { bookinfo } from './bookinfo.ts';

const readBookinfoPage = ({ body }: { readonly body: string }) => bookinfo.read({ status: 200, body });
const ERAS = ['tailwind', 'bootstrap'] as const;
const DOWN = 'Ratings service is currently unavailable';
const read = (parts: PageParts, era: PageEra) => readBookinfoPage({ body: renderPage(parts, era) });
function reviews(version: string, rating?: { stars?: number; color?: string; error?: string }): PageParts {
  const review = { reviewer: 'Reviewer1', text: 'Good.', ...(rating && { rating }) };
  return { details: true, reviews: { podname: `reviews-${version}-5c6d7f8b9-lab01`, reviews: [review, review] } };
}
/** Images before 1.16.4 print no pod. */
const withoutPod = (body: string) => body.replace(/<dl><dt>Reviews served by:[\s\S]*?<\/dl>/, '');

const V1 = reviews('v1').reviews;
const V2 = reviews('v2', { stars: 5, color: 'black' }).reviews;
const V3 = reviews('v3', { stars: 4, color: 'red' }).reviews;
const V3_DOWN = reviews('v3', { error: DOWN }).reviews;
/** Every state the page can be in, with the services whose errors it shows. */
const STATES: readonly { readonly state: string; readonly parts: PageParts; readonly banners: readonly string[] }[] = [
  { state: 'v1', parts: { details: true, reviews: V1! }, banners: [] },
  { state: 'v2', parts: { details: true, reviews: V2! }, banners: [] },
  { state: 'v3', parts: { details: true, reviews: V3! }, banners: [] },
  { state: 'v3 without ratings', parts: { details: true, reviews: V3_DOWN! }, banners: ['ratings'] },
  { state: 'v1 without details', parts: { details: false, reviews: V1! }, banners: ['details'] },
  {
    state: 'v3 without details and ratings',
    parts: { details: false, reviews: V3_DOWN! },
    banners: ['details', 'ratings'],
  },
  { state: 'nothing without reviews', parts: { details: true }, banners: ['reviews'] },
  { state: 'nothing without details and reviews', parts: { details: false }, banners: ['details', 'reviews'] },
];

describe.each(ERAS)('the %s page', (era) => {
  describe.each([undefined, 'Izzy'])('for %s', (user) => {
    it.each(STATES)('is whole, and shows $state', ({ state, parts, banners }) => {
      const page = read({ ...parts, ...(user !== undefined && { user }) }, era);
      const version = /^v\d/.exec(state)?.[0];
      expect(page).toEqual({
        whole: true,
        ...(version !== undefined && {
          version,
          pod: `reviews-${version}-5c6d7f8b9-lab01`,
          versionFrom: 'pod name',
        }),
        banners: banners.map((service) => expect.objectContaining({ service })),
      });
    });
  });
});

it('has an html element in the Bootstrap era only, as the real page has', () => {
  for (const { parts } of STATES) {
    expect(renderPage(parts, 'tailwind')).not.toMatch(/<!doctype|<\/?(?:html|head|body)\b/i);
    expect(renderPage(parts, 'bootstrap')).toMatch(/<html>[\s\S]*<\/html>\s*$/);
  }
});

describe('a page without pod names', () => {
  it.each([
    { version: 'v1', color: undefined, versionFrom: 'no stars' },
    { version: 'v2', color: 'black', versionFrom: 'star colour' },
    { version: 'v3', color: 'red', versionFrom: 'star colour' },
  ])('shows $version by $color stars', ({ version, color, versionFrom }) => {
    const parts = reviews(version, color === undefined ? undefined : { stars: 5, color });
    const page = readBookinfoPage({ body: withoutPod(renderPage(parts, 'bootstrap')) });
    expect(page).toEqual({ whole: true, version, versionFrom, banners: [] });
  });

  it('shows no version when the stars are missing because ratings is down', () => {
    const parts = reviews('v2', { error: DOWN });
    expect(readBookinfoPage({ body: withoutPod(renderPage(parts, 'bootstrap')) }).version).toBeUndefined();
  });

  it('shows no version when a Tailwind page has no review at all', () => {
    const page = read({ details: true, reviews: { podname: 'reviews-v2-5c6d7f8b9-lab01', reviews: [] } }, 'tailwind');
    expect(page).toEqual({ whole: true, banners: [] });
  });
});

describe('a page that lacks a mark', () => {
  const ALL = 'its title, the details or their error, the reviews or their error';
  it.each([
    { what: 'nothing', body: '', lacks: ALL },
    { what: 'another page', body: '<html><title>Login</title></html>', lacks: ALL },
    {
      what: 'a page that only speaks of it',
      body: '<p>Simple Bookstore App, with Book Details and Book Reviews</p>',
      lacks: ALL,
    },
  ])('is not whole: $what', ({ body, lacks }) => {
    expect(readBookinfoPage({ body })).toEqual({ whole: false, lacks, banners: [] });
  });

  it.each(ERAS)('is not whole where one mark is removed from the %s page', (era) => {
    const page = renderPage(reviews('v1'), era);
    const lacks = (mark: string) => readBookinfoPage({ body: page.replace(mark, '') }).lacks;
    expect(lacks('<title>Simple Bookstore App</title>')).toBe('its title');
    expect(lacks('Book Details')).toBe('the details or their error');
    expect(lacks('Book Reviews')).toBe('the reviews or their error');
  });

  it('is not whole where a Bootstrap page has no end, or a Tailwind page ends before the reviews', () => {
    const lacks = (era: PageEra, end: string) => {
      const page = renderPage(reviews('v1'), era);
      return readBookinfoPage({ body: page.slice(0, page.indexOf(end)) }).lacks;
    };
    expect(lacks('bootstrap', '</html>')).toBe('the end of its html element');
    expect(lacks('tailwind', 'Book Reviews')).toBe('the reviews or their error');
  });
});

describe('the captures of the definition', () => {
  const pages = ERAS.flatMap((era) =>
    STATES.flatMap(({ parts }) => {
      const page = renderPage(parts, era);
      return [page, withoutPod(page), page.slice(0, -20), page.replace('black', 'green')];
    }),
  );

  it('read each page as the reader in code did', () => {
    expect(pages.map((body) => readBookinfoPage({ body }))).toEqual(pages.map((body) => readInCode({ body })));
  });

  it('read whatever is left of pages as the reader in code did', () => {
    const page = fc.constantFrom(...pages);
    const cut = fc
      .tuple(page, fc.nat(), fc.nat(), fc.string({ unit: 'binary' }), page)
      .map(([one, from, length, between, other]) => {
        const at = from % one.length;
        return one.slice(0, at) + between + other.slice((at + length) % other.length);
      });
    fc.assert(
      fc.property(cut, (body) => {
        expect(readBookinfoPage({ body })).toEqual(readInCode({ body }));
      }),
      { numRuns: 300 },
    );
  });
});
