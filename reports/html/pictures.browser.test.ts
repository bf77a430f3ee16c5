import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { renderHtml } from './html.ts';
import { test } from './testing.ts';

/** Heights of letters on the screen, from the size they are drawn in and the scale of their picture. */
const LETTERS = `[...document.querySelectorAll('svg text')].filter((text) => text.checkVisibility() && text.getBoundingClientRect().width > 0)
  .map((text) => ({ px: parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a, of: text.closest('svg').getAttribute('class'), text: text.textContent }))`;
const letters = (page: Page) => page.evaluate<readonly { px: number; of: string; text: string }[]>(LETTERS);
/** Words in one picture that lie over each other. */
const OVERPRINTED = `[...document.querySelectorAll('svg.picture')].flatMap((picture) => {
  const texts = [...picture.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() })).filter(({ box }) => box.width > 0);
  return texts.flatMap((one, index) => texts.slice(index + 1).filter((other) => {
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    return wide > 1 && high > one.box.height / 3;
  }).map((other) => one.text + ' / ' + other.text));
})`;
/** Words that the edge of their picture cuts. */
const CUT = `[...document.querySelectorAll('svg.picture text')].filter((text) => {
  const word = text.getBoundingClientRect();
  const picture = text.ownerSVGElement.getBoundingClientRect();
  return word.width > 0 && (word.left < picture.left - 0.5 || word.right > picture.right + 0.5 || word.bottom > picture.bottom + 0.5);
}).map((text) => text.textContent)`;
const WIDTHS = [320, 360, 400, 500, 600, 800, 928, 1024, 1216, 1300, 1440, 1700, 1920, 2400, 3840];

/** Twelve services with names as long as people give them. */
function withLongNames(): RunReport {
  const report = SAMPLES.pass!();
  const traces = report.detail!.traces.map((trace) => ({
    ...trace,
    spans: Array.from({ length: 12 }, (_, n) => ({
      ...trace.spans[n % trace.spans.length]!,
      service: `a-very-long-name-of-a-service-${n}`,
    })),
  }));
  return { ...report, detail: { ...report.detail!, traces } };
}

/** As many hops more, one below the other or three below each, every one of them broken. */
function large(hops: number, below: number): RunReport {
  const report = SAMPLES['fail-dropped']!();
  const found = report.promises.flatMap(({ findings }) => findings).find(({ severity }) => severity === 'error')!;
  const findings = Array.from({ length: hops }, (_, n) => ({
    ...found,
    subject: { kind: 'hop', caller: `svc-${Math.floor(n / below)}`, callee: `svc-${n + 1}` } as const,
  }));
  const [first, ...others] = report.promises;
  return { ...report, promises: [{ ...first!, findings }, ...others] };
}

const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth');

describe('the pictures', () => {
  test.for([
    ['pass', () => SAMPLES.pass!()],
    ['fail-dropped', () => SAMPLES['fail-dropped']!()],
    ['long names', withLongNames],
  ] as const)('have letters of a readable size at every width, none over another: %s', async ([, report], { open }) => {
    const page = await open(renderHtml(report()));
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 1000 });
      const heading = await page.evaluate<number>(
        "parseFloat(getComputedStyle(document.querySelector('h3')).fontSize)",
      );
      const seen = (await letters(page)).filter(({ of }) => of === 'picture');
      expect(seen.length).toBeGreaterThan(10);
      expect(
        seen.filter(({ px }) => px < 9.8 || px > heading),
        `${width} px`,
      ).toEqual([]);
      expect(await page.evaluate(OVERPRINTED), `${width} px`).toEqual([]);
      expect(await page.evaluate(CUT), `${width} px`).toEqual([]);
    }
  });

  test('leave no space empty beside a tall one', async ({ open }) => {
    const page = await open(renderHtml(withLongNames()));
    const gaps = await page.evaluate<readonly number[]>(`(() => {
      const boxes = [...document.querySelectorAll('.cards > .card')].map((card) => card.getBoundingClientRect());
      return boxes.map(({ left, bottom }) => Math.min(...boxes.filter((other) => Math.abs(other.left - left) < 5 && other.top >= bottom).map(({ top }) => top - bottom))).filter(Number.isFinite);
    })()`);
    expect(gaps.length).toBeGreaterThan(0);
    for (const gap of gaps) expect(gap).toBeLessThan(30);
  });

  test('state that scales are logarithmic, whose rows have a height, and the counted unit', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES.pass!()));
    expect(await page.locator('#scatter figcaption').textContent()).toContain('scale of durations is logarithmic');
    expect(await page.locator('#histogram figcaption').textContent()).toMatch(
      /calls made and calls answered together.*scale is logarithmic, and each row is as high as its own highest bar/,
    );
  });
});

describe('the map', () => {
  test.for([
    ['of a run', () => SAMPLES['fail-dropped']!()],
    ['of a chain of 230 services', () => large(230, 1)],
    ['of a tree of 90 services', () => large(90, 3)],
  ] as const)('has readable letters at every width: %s', async ([, report], { open }) => {
    const page = await open(renderHtml(report()));
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 1000 });
      expect(await overflow(page), `${width} px`).toBeLessThanOrEqual(0);
      const heading = await page.evaluate<number>(
        "parseFloat(getComputedStyle(document.querySelector('h2')).fontSize)",
      );
      const seen = (await letters(page)).filter(({ of }) => of.startsWith('map'));
      const isList = await page.locator('.outline').isVisible();
      if (!isList) expect(seen.length, `${width} px`).toBeGreaterThan(5);
      expect(
        seen.filter(({ px }) => px < 10 || px > heading),
        `${width} px`,
      ).toEqual([]);
      expect(await page.locator('.map:visible').count()).toBe(isList ? 0 : 1);
    }
  });

  test('lies on its side where there is room, and counts the services left out of a large one', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { viewport: { width: 1000, height: 1000 } });
    expect(await page.locator('.map.right').isVisible()).toBe(true);
    await page.setViewportSize({ width: 400, height: 1000 });
    expect(await page.locator('.map.down').isVisible()).toBe(true);
    const large230 = await open(renderHtml(large(230, 1)));
    expect(await large230.locator('#map').textContent()).toMatch(/\d+ services and \d+ hops are left out here/);
    const large90 = await open(renderHtml(large(90, 3)));
    expect(
      await large90.evaluate(
        "document.querySelector('#map').clientWidth / document.querySelector('.first').clientWidth",
      ),
    ).toBeGreaterThan(0.99);
    // It scrolls in its place instead of pushing everything else away.
    expect(await large230.evaluate("document.querySelector('.maps').clientHeight")).toBeLessThan(900);
  });
});

describe('a report where a store allows no styles', () => {
  const STYLELESS = "sandbox allow-same-origin; default-src 'none'";
  test('has one map, charts of a readable size, and trees with their steps', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()), {
      policy: STYLELESS,
      expects: /Content Security Policy|^policy: |sandboxed/,
      viewport: { width: 1440, height: 900 },
    });
    expect(await page.locator('svg.map:visible').count()).toBe(1);
    const seen = await letters(page);
    expect(seen.filter(({ px }) => px < 10 || px > 20)).toEqual([]);
    const steps = await page.evaluate<readonly number[]>(
      "[...document.querySelectorAll('#trace tr.span')].slice(1, 5).map((row) => row.querySelector('.indent').getBoundingClientRect().width)",
    );
    for (const [index, step] of steps.slice(1, 3).entries()) expect(step - steps[index]!).toBeGreaterThan(8);
    const fill = (kind: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('#trace .bar.${kind}')).fill`);
    expect(await fill('client')).not.toBe(await fill('server'));
  });
});

/** WCAG 2.2, relative luminance and contrast ratio; `rgb(…)` as computed styles have it. */
const CONTRAST = `(one, other) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}`;

describe('a drawing', () => {
  const MEANS = {
    stroke: [
      '.map .wire',
      '.map .pill',
      '.map .box',
      'rect.total',
      '.curve',
      '.axis',
      '.median',
      '.ring',
      '.hole',
      '.whisker',
    ],
    fill: ['.map .tip', '.bar.server', '#histogram .bar', '.mark-of'],
    borderTopColor: ['button', 'select', 'input', '.dot'],
  };
  for (const colorScheme of ['light', 'dark'] as const)
    test.for(['fail-dropped', 'inconclusive', 'cluster'])(
      `stands out 3:1 from the page where it has a meaning: %s, ${colorScheme}`,
      async (name, { open }) => {
        const page = await open(renderHtml(SAMPLES[name]!()), { colorScheme });
        const faint = await page.evaluate(`(() => {
          const contrast = ${CONTRAST};
          const paper = getComputedStyle(document.body).backgroundColor;
          return Object.entries(${JSON.stringify(MEANS)}).flatMap(([property, selectors]) => selectors.flatMap((selector) =>
            [...document.querySelectorAll(selector)].filter((one) => contrast(getComputedStyle(one)[property], paper) < 3).map((one) => selector + ' ' + getComputedStyle(one)[property])));
        })()`);
        expect(faint).toEqual([]);
      },
    );

  test('distinguishes calls made from calls answered where the reader has chosen the colours', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()), { forcedColors: 'active' });
    const ground = (kind: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('#trace .dot.${kind}')).backgroundColor`);
    expect(await ground('client')).toBe('rgba(0, 0, 0, 0)');
    expect(await ground('server')).toBe('rgb(0, 114, 178)');
  });

  test('gives an unexpected version as much of the strip as it served', async ({ open }) => {
    const report = SAMPLES.pass!();
    const sequence = ['v1', 'v1', 'other', 'v1'];
    const page = await open(
      renderHtml({ ...report, versions: { ...report.versions!, counts: { v1: 3, other: 1 }, attempts: 4, sequence } }),
    );
    expect(await page.locator('.strip .bar.vx').count()).toBe(1);
    expect(await page.evaluate("getComputedStyle(document.querySelector('.strip .bar.vx')).stroke")).toBe('none');
    expect(await page.evaluate("getComputedStyle(document.querySelector('.strip .bar.vx')).fill")).not.toBe('none');
  });
});
