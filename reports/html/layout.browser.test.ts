import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { hostileReport } from '../../fixtures/testing/hostile-report.ts';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { renderHtml } from './html.ts';
import { test } from './testing.ts';

const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth');

/** The first trace of a real run, made deeper by a chain of services with names as long as people give them. */
function deep(levels: number): RunReport {
  const report = SAMPLES['fail-dropped']!();
  const [first, ...others] = report.detail!.traces;
  const end = first!.spans.at(-1)!;
  const chain = Array.from({ length: levels }, (_, n) => {
    const { callee: _callee, ...span } = end;
    const name = (at: number) => `very-long-service-name-number-${at}`;
    const place = { parent: first!.spans.length + n - 1, depth: end.depth + n + 1, service: name(Math.ceil(n / 2)) };
    return n % 2 === 0
      ? { ...span, ...place, kind: 'client' as const, callee: name(n / 2 + 1) }
      : { ...span, ...place, kind: 'server' as const, version: 'v2.3.4-build.20261125' };
  });
  const traces = [{ ...first!, spans: [...first!.spans, ...chain] }, ...others];
  return { ...report, detail: { ...report.detail!, traces } };
}

describe('a deep trace', () => {
  test.for([
    [20, 1440],
    [40, 1440],
    [70, 1440],
    [20, 400],
    [40, 400],
    [70, 400],
  ] as const)('with %i levels more keeps its names beside its bars at %i px', async ([levels, width], { open }) => {
    const page = await open(renderHtml(deep(levels)), { viewport: { width, height: 900 } });
    const rows = await page.evaluate<readonly { height: number; name: number; left: number; over: boolean }[]>(`
      [...document.querySelectorAll('#trace tr.span:not(.elsewhere)')].map((row) => {
        const words = document.createRange();
        words.selectNodeContents(row.querySelector('bdi'));
        const number = document.createRange();
        number.selectNodeContents(row.querySelector('.number'));
        const dot = row.querySelector('.dot').getBoundingClientRect();
        return { height: row.getBoundingClientRect().height, name: words.getBoundingClientRect().width, left: dot.left,
          over: dot.right > number.getBoundingClientRect().left };
      })`);
    expect(rows.length).toBeGreaterThan(levels);
    for (const { height, over } of rows) {
      expect(height).toBeLessThan(width === 400 ? 145 : 80);
      expect(over).toBe(false);
    }
    for (const { name } of rows.slice(-levels)) expect(name).toBeGreaterThan(100);
    // Each level stands further in than the one above it, and where that is little its number says it.
    const chain = rows.slice(-levels);
    for (const [index, { left }] of chain.slice(1).entries()) expect(left).toBeGreaterThanOrEqual(chain[index]!.left);
    expect(chain.at(-1)!.left - chain[0]!.left).toBeGreaterThan(40);
    expect(
      await page.evaluate(
        "getComputedStyle(document.querySelector('#trace tr.span:last-of-type .name'), '::before').content",
      ),
    ).toMatch(/counter/);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  test('of the usual depth has no numbers, and keeps the width of its steps', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()));
    const lefts = await page.evaluate<readonly number[]>(
      "[...document.querySelectorAll('#trace tr.span .dot')].slice(0, 3).map((dot) => dot.getBoundingClientRect().left)",
    );
    expect(lefts[1]! - lefts[0]!).toBeGreaterThan(10);
    expect(await page.evaluate("getComputedStyle(document.querySelector('#trace .name'), '::before').content")).toBe(
      'none',
    );
  });
});

/** What A4 leaves between a browser's usual margins, at 96 px an inch. */
const PAPER = { width: 718, height: 1000 };

describe('the report on paper', () => {
  test.for(['fail-dropped', 'waived', 'hostile-spans'])(
    'is nowhere wider than the page: %s',
    async (name, { open }) => {
      const page = await open(renderHtml(name === 'hostile-spans' ? hostileReport() : SAMPLES[name]!()), {
        viewport: PAPER,
      });
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PAPER.width);
      const wide = await page.evaluate(
        `[...document.querySelectorAll('table')].filter((table) => table.getBoundingClientRect().right > ${PAPER.width}).map((table) => table.className)`,
      );
      expect(wide).toEqual([]);
    },
  );

  test.for(['light', 'dark'] as const)(
    'has the sign of the verdict without a ground of its colour: %s',
    async (colorScheme, { open }) => {
      const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { viewport: PAPER, colorScheme });
      await page.emulateMedia({ media: 'print', colorScheme });
      const sign = await page.evaluate(
        "(({ color, backgroundColor }) => ({ color, backgroundColor }))(getComputedStyle(document.querySelector('.verdict .sign')))",
      );
      expect(sign).toEqual({ color: 'rgb(179, 38, 30)', backgroundColor: 'rgba(0, 0, 0, 0)' });
    },
  );

  test('unfolds everything without a script', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { viewport: PAPER, javaScriptEnabled: false });
    const line = page.locator('.curl pre').first();
    expect(await line.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await line.isVisible()).toBe(true);
  });

  test('folds again afterwards, except for the parts that the reader opened', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { viewport: PAPER });
    await page.locator('.curl summary').first().click();
    const states = () =>
      page.evaluate<readonly boolean[]>("[...document.querySelectorAll('details')].map(({ open }) => open)");
    const before = await states();
    expect(before.filter(Boolean)).toHaveLength(1);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(new Set(await states())).toEqual(new Set([true]));
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await states()).toEqual(before);
  });

  test('has the map on its side, because it would fill the page upright', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { viewport: PAPER });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.map.right').isVisible()).toBe(true);
    expect(await page.locator('.map.down').isVisible()).toBe(false);
  });
});

describe('a command line', () => {
  test.for([320, 400, 1440])(
    'has its button beside it, and no option apart from its hyphen, at %i px',
    async (width, { open }) => {
      const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { viewport: { width, height: 900 } });
      await page.locator('.curl summary').first().click();
      const button = (await page.locator('.curl .copy').first().boundingBox())!;
      const command = (await page.locator('.curl pre').first().boundingBox())!;
      expect(button.y + button.height).toBeLessThanOrEqual(command.y);
      expect(button.x + button.width).toBeLessThanOrEqual(command.x + command.width + 1);
      const lines = await page.evaluate<readonly number[]>(
        "[...document.querySelector('.curl pre').querySelectorAll('.whole')].map((word) => word.getClientRects().length)",
      );
      expect(lines.length).toBeGreaterThan(2);
      expect(new Set(lines)).toEqual(new Set([1]));
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    },
  );
});

describe('a long text', () => {
  test.for([400, 1440])('leaves the values of a span room beside their names at %i px', async (width, { open }) => {
    const page = await open(renderHtml(hostileReport()), { viewport: { width, height: 900 } });
    for (const row of (await page.locator('#trace tr.span').all()).slice(0, 4)) await row.click();
    const values = await page.evaluate<readonly { value: number; row: number }[]>(
      "[...document.querySelectorAll('tr.facts dd')].map((dd) => ({ value: dd.getBoundingClientRect().width, row: dd.closest('dl').getBoundingClientRect().width }))",
    );
    expect(values.length).toBeGreaterThan(5);
    for (const { value, row } of values) expect(value).toBeGreaterThan(row * (width === 400 ? 0.9 : 0.5));
  });

  test('does not overlap the next text in a header', async ({ open }) => {
    const report = SAMPLES['fail-dropped']!();
    const hops = report.hops.map((hop) => ({
      ...hop,
      headers: Object.fromEntries(
        Object.entries(hop.headers).map(([name, cell]) => [`${name.replaceAll('-', '')}withoutanyhyphenatall`, cell]),
      ),
    }));
    const page = await open(renderHtml({ ...report, hops }));
    const cut = await page.evaluate(
      "[...document.querySelectorAll('.matrix thead th')].filter((th) => th.scrollWidth > th.clientWidth + 1).map((th) => th.textContent)",
    );
    expect(cut).toEqual([]);
  });

  test('does not move the hop of a cell out of sight on a telephone', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { viewport: { width: 400, height: 900 } });
    const left = await page.evaluate<number>(`(() => {
      const box = document.querySelector('[aria-label="Propagation matrix"]');
      box.scrollLeft = box.scrollWidth;
      return document.querySelector('.matrix tbody th').getBoundingClientRect().left - box.getBoundingClientRect().left;
    })()`);
    expect(left).toBeGreaterThanOrEqual(0);
  });

  test.for([320, 400])('breaks after hyphens only in the table of times at %i px', async (width, { open }) => {
    const page = await open(renderHtml(SAMPLES.pass!()), { viewport: { width, height: 900 } });
    const lines = await page.evaluate<readonly (readonly [string, number])[]>(
      "[...document.querySelectorAll('.card .times th[scope=row] bdi')].map((name) => [name.textContent, name.getClientRects().length])",
    );
    expect(lines).toContainEqual(['productpage', 1]);
    for (const [name, count] of lines) expect(count, name).toBeLessThanOrEqual(name.split('-').length);
  });

  test('does not change the height of a list of few traces', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES.pass!()));
    const { box, rows } = await page.evaluate<{ box: number; rows: number }>(
      "({ box: document.querySelector('#trace-list').clientHeight, rows: document.querySelectorAll('#trace-list [role=option]').length * 34 })",
    );
    expect(rows).toBeGreaterThan(0);
    expect(box).toBe(rows);
  });
});

test.for([1280, 1440, 1920, 3840])('no column stays empty beside many findings at %i px', async (width, { open }) => {
  const page = await open(renderHtml(hostileReport()), { viewport: { width, height: 1000 } });
  const { first, findings, map, promises } = await page.evaluate<Record<string, { width: number; height: number }>>(
    `Object.fromEntries([['first', '.first'], ['findings', '#findings'], ['map', '#map'], ['promises', '#promises']].map(([name, selector]) => {
      const { width, height } = document.querySelector(selector).getBoundingClientRect();
      return [name, { width, height }];
    }))`,
  );
  expect(findings!.width).toBeCloseTo(first!.width, 0);
  expect(map!.width + promises!.width).toBeGreaterThan(first!.width * 0.9);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

test('a desk shows the whole matrix, and each row of the list', async ({ open }) => {
  const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { viewport: { width: 1280, height: 900 } });
  const hidden = (selector: string) =>
    page.evaluate<readonly number[]>(
      `[...document.querySelectorAll('${selector}')].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)`,
    );
  expect(await hidden('[aria-label="Propagation matrix"]')).toEqual([0]);
  // Browsers report widths in whole pixels, rounded up and down.
  expect(Math.max(...(await hidden('#trace-list .option > *')))).toBeLessThanOrEqual(1);
});
