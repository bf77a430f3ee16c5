import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { deepReport, FIRST_SCREEN_FAULTS, faultReport } from '../../fixtures/testing/fault-reports.ts';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { culpritOf } from '../text/culprit.ts';
import { renderHtml } from './html.ts';
import { test } from './testing.ts';

const SCREENS = [
  { width: 1440, height: 900 },
  { width: 400, height: 800 },
] as const;

/** What a person has to see of a broken run before anything else. */
const FIRST = ['h1', '#culprit .subject', '#culprit .remedy'] as const;

/** Parts that are not wholly on the first screen: `#culprit .remedy at 400 px`. */
async function offScreen(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const viewport of SCREENS) {
    await page.setViewportSize(viewport);
    for (const selector of FIRST) {
      const { x, y, width, height } = (await page.locator(selector).boundingBox())!;
      if (y < 0 || y + height > viewport.height || x < 0 || x + width > viewport.width)
        found.push(`${selector} at ${viewport.width} px`);
    }
  }
  return found;
}

test('what is moved below the first screen, or beside it, is noticed', async ({ open }) => {
  const page = await open(renderHtml(await faultReport('drop-all:reviews')));
  const move = (selector: string, by: string) => page.evaluate(`document.querySelector('${selector}').style.${by}`);
  expect(await offScreen(page)).toEqual([]);
  await move('#culprit .remedy', "marginTop = '600px'");
  expect(await offScreen(page)).toEqual(['#culprit .remedy at 1440 px', '#culprit .remedy at 400 px']);
  await move('#culprit .remedy', "marginTop = '0'");
  await move('#culprit .subject', "cssText = 'position: relative; left: 300px'");
  expect(await offScreen(page)).toEqual(['#culprit .subject at 400 px']);
});

describe.each(FIRST_SCREEN_FAULTS)('under %s', (fault) => {
  test('a person sees the verdict, the culprit and what to do without scrolling', async ({ open }) => {
    const report = await faultReport(fault);
    const page = await open(renderHtml(report));
    expect(await offScreen(page)).toEqual([]);
    expect(await page.locator('#culprit').textContent()).toContain(culpritOf(report)!.code);
  });
});

/** What of the map its card does not show: parts that are wider than it, and words that leave their boxes. */
const cutOff = (page: Page) =>
  page.evaluate<readonly string[]>(`(() => {
    const card = document.querySelector('.maps').getBoundingClientRect();
    return [...document.querySelectorAll('.map .box, .map .pill, .map text, .outline .stop, .outline .call')]
      .filter((one) => one.checkVisibility())
      .filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < card.left - 1 || right > card.right + 1; })
      .map((one) => one.textContent || one.getAttribute('class'));
  })()`);

describe('the map', () => {
  test.for([
    ['of four services', () => faultReport('drop-all:productpage')],
    ['of twelve services', () => deepReport(['drop-all:backoffice'])],
    ['of twelve services, healthy', () => deepReport([])],
  ] as const)('fits its card at every width: %s', async ([, report], { open }) => {
    const page = await open(renderHtml(await report()));
    for (const width of [320, 400, 600, 800, 1024, 1280, 1440, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await cutOff(page), `${width} px`).toEqual([]);
      expect(
        await page.evaluate(
          "document.querySelector('.maps').scrollWidth - document.querySelector('.maps').clientWidth",
        ),
        `${width} px`,
      ).toBeLessThanOrEqual(0);
      expect(await page.locator('.map:visible, .outline:visible').count(), `${width} px`).toBe(1);
    }
  });

  test('marks the culprit in the picture and in the list', async ({ open }) => {
    const page = await open(renderHtml(await deepReport(['drop-all:backoffice'])));
    for (const [width, place] of [
      [1280, '.map:visible .service.fix'],
      [400, '.outline .stop.fix'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.locator(place).textContent()).toMatch(/backoffice.*✗ fix here/);
      expect(await page.locator(place).count()).toBe(1);
    }
  });
});

describe('the code that copies the headers', () => {
  const html = renderHtml(SAMPLES['fail-dropped']!());

  test('has a tab per language, without a script', async ({ open }) => {
    const page = await open(html, { javaScriptEnabled: false });
    const shown = page.locator('#culprit .tab-panel:visible');
    expect(await page.locator('#culprit .tab-list label').allTextContents()).toEqual([
      ' Node',
      ' Python',
      ' Go',
      ' Java',
    ]);
    expect(await shown.count()).toBe(1);
    expect(await shown.textContent()).toContain('Node, fetch');
    await page.locator('#culprit').getByLabel('Go', { exact: true }).check();
    expect(await shown.count()).toBe(1);
    expect(await shown.textContent()).toContain('Go, net/http');
  });

  test('changes by the arrow keys', async ({ open }) => {
    const page = await open(html);
    await page.locator('#culprit').getByLabel('Node', { exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#culprit .tab-panel:visible').textContent()).toContain('Python, Flask');
  });
});

describe('the contents', () => {
  test('stay in sight, mark the part that is read, and lead to every part below them', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()));
    const links = page.locator('#contents a');
    expect(await page.locator('#contents a[aria-current]').allTextContents()).toEqual(['Verdict']);
    for (const name of ['Map', 'Traces', 'What to do']) {
      await links.getByText(name, { exact: true }).click();
      await expect.poll(() => page.locator('#contents a[aria-current]').allTextContents()).toEqual([name]);
      expect((await page.locator('#contents').boundingBox())!.y).toBe(0);
    }
    expect(await links.count()).toBeGreaterThan(8);
  });
});

describe('what holds', () => {
  test('is folded where something does not, and an address opens it', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-dropped']!()));
    const held = page.locator('#promise-ingress');
    expect(await held.isVisible()).toBe(false);
    await page.evaluate("location.hash = '#promise-ingress'");
    await expect.poll(() => held.isVisible()).toBe(true);
    const healthy = await open(renderHtml(SAMPLES.pass!()));
    expect(await healthy.locator('#promise-ingress').isVisible()).toBe(true);
  });
});
