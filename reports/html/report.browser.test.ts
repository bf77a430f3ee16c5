// Over 250 lines: one browser and its pages serve every case.
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { HOSTILE_TEXTS, hostileReport } from '../../fixtures/testing/hostile-report.ts';
import { manyTraces } from '../../fixtures/testing/many-traces.ts';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderHtml } from './html.ts';
import { test } from './testing.ts';

/** Jenkins sends this policy with artifacts by default: not even a style sheet in the file applies. */
const STRICTEST = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self'";
/** What a store that lets artifacts have their own scripts puts on them. */
const SANDBOX = 'sandbox allow-scripts';
const broken = renderHtml(SAMPLES['fail-dropped']!());
const hostile = renderHtml(hostileReport());
interface Violations {
  readonly violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[];
}
const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth');
/** The words of pictures that their edge cuts, top and bottom included. */
const cut = (page: Page) =>
  page.evaluate<readonly string[]>(`[...document.querySelectorAll('svg[viewBox] text')].filter((text) => {
    const { x, y, width, height } = text.getBBox();
    const { x: left, y: top, width: wide, height: high } = text.ownerSVGElement.viewBox.baseVal;
    return width > 0 && (x < left || y < top || x + width > left + wide || y + height > top + high);
  }).map((text) => text.textContent)`);
const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent');

describe.each(Object.keys(SAMPLES))('the report of %s', (name) => {
  test('opens from disk, complete, on a telephone, a desk and a wall', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES[name]!()));
    for (const width of [400, 1440, 3840]) {
      await page.setViewportSize({ width, height: 1000 });
      expect(await page.locator('h1').isVisible()).toBe(true);
      expect(await overflow(page), `${width} px`).toBeLessThanOrEqual(0);
      expect(await cut(page), `${width} px`).toEqual([]);
    }
  });
});

describe('the checks of these tests', () => {
  test.for([
    { what: 'a console error', html: '<h1>x</h1>', act: "console.error('oh')", noticed: 'console error: oh' },
    {
      what: 'an error',
      html: '<h1>x</h1>',
      act: "setTimeout(() => { throw new Error('oh') })",
      noticed: 'error: oh',
    },
    {
      what: 'a request',
      html: '<h1>x</h1>',
      act: "document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/x.svg' }))",
      noticed: 'request: https://elsewhere.example/x.svg',
    },
    {
      what: 'a broken policy',
      html: broken,
      act: "document.head.append(Object.assign(document.createElement('style'), { textContent: '* {}' }))",
      noticed: 'policy: style-src-elem inline',
    },
    {
      what: 'markup from text',
      html: broken,
      act: "try { document.body.innerHTML = '<b>x</b>' } catch {}",
      noticed: 'policy: require-trusted-types-for trusted-types-sink',
    },
  ] as const)('notice $what', async ({ html, act, noticed }, { open, problems }) => {
    const page = await open(html);
    await page.route('**/x.svg', (route) =>
      route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
    );
    await page.evaluate(act);
    await expect.poll(() => problems).toContain(noticed);
    await page.close();
    problems.length = 0;
  });
});

describe('the report, wherever it is opened', () => {
  test('reads without a script, with more than one trace', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES['fail-silent']!()), { javaScriptEnabled: false });
    expect(await page.locator('.map:visible').count()).toBe(1);
    expect(await page.locator('table.waterfall[role=treegrid]').count()).toBeGreaterThan(1);
    expect(await page.locator('#chooser').isVisible()).toBe(false);
  });

  test('reads where an artifact store allows neither style nor script', async ({ open }) => {
    const page = await open(broken, { policy: STRICTEST, expects: /Content Security Policy|^policy: |sandboxed/ });
    expect(await page.locator('h1').textContent()).toContain(
      'reviews v2, v3 do not pass the trace context on to ratings',
    );
    expect(await page.locator('article.finding').first().textContent()).toContain('What to do');
    expect(await page.locator('.gap').first().isVisible()).toBe(true);
    // Without styles the pictures have their own colours, and no shape is a black blot.
    expect(await page.evaluate("getComputedStyle(document.querySelector('.map.right .box')).fill")).toBe(
      'rgb(255, 255, 255)',
    );
  });

  test('runs in the sandbox of an artifact store', async ({ open }) => {
    const page = await open(broken, { policy: SANDBOX });
    expect(await page.locator('#trace-list [role=option]').count()).toBeGreaterThan(1);
  });

  test('shows all text and no control on paper', async ({ open }) => {
    const page = await open(broken);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('#chooser').isVisible()).toBe(false);
    expect(await page.locator('.curl pre').first().isVisible()).toBe(true);
    // Printers leave grounds away: what says that something is lost must be seen without.
    for (const selector of ['.matrix .lost button', '.verdict .sign'])
      expect(await page.evaluate(`getComputedStyle(document.querySelector('${selector}')).color`)).toBe(
        'rgb(179, 38, 30)',
      );
  });

  test('hides no figure on a telephone', async ({ open }) => {
    const page = await open(broken, { viewport: { width: 400, height: 900 } });
    const hidden = (name: string) =>
      page.evaluate(
        `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('[aria-label="${name}"]'))`,
      );
    expect(await hidden('Time by service')).toBeLessThanOrEqual(0);
    expect(await hidden('Shares')).toBeLessThanOrEqual(0);
  });

  test.for([400, 1280])('does not break a header at the end of a line at %i px', async (width, { open }) => {
    const page = await open(broken, { viewport: { width, height: 900 } });
    const lines = await page.evaluate<readonly number[]>(
      "[...document.querySelectorAll('.finding .whole')].map((name) => name.getClientRects().length)",
    );
    expect(lines.length).toBeGreaterThan(5);
    expect(new Set(lines)).toEqual(new Set([1]));
  });

  test.for([400, 800, 1100, 1440, 2200])('keeps marks of time apart at %i px', async (width, { open }) => {
    const page = await open(broken, { viewport: { width, height: 900 } });
    const boxes = await page.evaluate<readonly { left: number; right: number }[]>(
      "[...document.querySelectorAll('#trace .ticks span')].map((tick) => tick.getBoundingClientRect()).filter(({ width }) => width > 0).map(({ left, right }) => ({ left, right }))",
    );
    expect(boxes.length).toBeGreaterThanOrEqual(3);
    for (const [index, { left }] of boxes.slice(1).entries()) expect(left - boxes[index]!.right).toBeGreaterThan(4);
  });
});

describe('hostile text', () => {
  test('shows as text, and makes no element', async ({ open }) => {
    const page = await open(hostile);
    const rows = page.locator('#trace-list [role=option]');
    for (let step = 0; step < 4; step += 1) {
      await page.locator('#trace-list').press('ArrowDown');
      for (const row of await page.locator('tr.span').all()) await row.click();
    }
    expect(await rows.count()).toBeGreaterThan(1);
    expect(await page.evaluate('globalThis.broken')).toBeUndefined();
    expect(await page.locator('img, iframe, object, i, main script, svg[onload], #trace b b').count()).toBe(0);
    const text = await page.locator('main').textContent();
    for (const hostileText of [HOSTILE_TEXTS[0], HOSTILE_TEXTS[3], HOSTILE_TEXTS[8]])
      expect(text).toContain(hostileText);
    expect(text).toContain('\\u001b[2J\\u0000');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  test('fits into the boxes of the map', async ({ open }) => {
    const page = await open(hostile);
    const wide = await page.evaluate<readonly string[]>(
      "[...document.querySelectorAll('.map.right .service')].filter((service) => service.querySelector('.name').getBoundingClientRect().width > service.querySelector('.box').getBoundingClientRect().width).map((service) => service.textContent)",
    );
    expect(wide).toEqual([]);
  });

  test('fits into a narrow page', async ({ open }) => {
    const page = await open(hostile, { viewport: { width: 400, height: 800 } });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});

describe('accessibility', () => {
  const REPORTS = {
    broken,
    hostile,
    healthy: renderHtml(SAMPLES.pass!()),
    undecided: renderHtml(SAMPLES.inconclusive!()),
  };
  const views = Object.keys(REPORTS).flatMap((name) => [
    { name, colorScheme: 'light' as const, width: 1440 },
    { name, colorScheme: 'dark' as const, width: 400 },
  ]);
  test.for(views)(
    'has no axe finding: $name, $colorScheme, $width px',
    async ({ name, colorScheme, width }, { open }) => {
      const html = REPORTS[name as keyof typeof REPORTS];
      const page = await open(html, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
      const row = page.locator('tr.span').first();
      if ((await row.count()) > 0) await row.click();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<Violations>("axe.run(document, { resultTypes: ['violations'] })");
      const told = violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => [id, node.html.slice(0, 200), node.failureSummary]),
      );
      expect(told).toEqual([]);
    },
  );
});

describe('the keyboard', () => {
  test('chooses a trace from the list, and reads it along its tree', async ({ open }) => {
    const page = await open(broken);
    const list = page.locator('#trace-list');
    await list.focus();
    await list.press('End');
    await list.press('Home');
    const first = await page.locator('.trace-head').textContent();
    await list.press('ArrowDown');
    const second = await page.locator('.trace-head').textContent();
    expect(second).not.toBe(first);
    expect(await list.locator('[aria-selected=true]').getAttribute('id')).toBe(
      await list.getAttribute('aria-activedescendant'),
    );
    expect(second).toContain(new URL(page.url()).hash.replace('#trace-', ''));

    const rows = page.locator('tr.span');
    await rows.first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    expect(await focused(page)).toContain('GATEWAY SERVER');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toContain('GATEWAY CLIENT');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toContain('productpage');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toContain('GATEWAY SERVER');
    expect(await page.locator('tr.span[tabindex="0"]').count()).toBe(1);

    await page.keyboard.press('Enter');
    const facts = page.locator('tr.facts');
    expect(await facts.textContent()).toContain('user_agent');
    expect(await facts.locator('a').getAttribute('href')).toMatch(/\/trace\/[0-9a-f]{32}\?uiFind=[0-9a-f]{16}$/);
    await page.keyboard.press(' ');
    expect(await facts.count()).toBe(0);
  });

  test('reaches missing calls, and evidence takes the focus along', async ({ open }) => {
    const page = await open(broken);
    await page.locator('[data-show]').first().press('Enter');
    expect(await focused(page)).toContain('broken');
    await page.locator('tr.span[tabindex="0"]').focus();
    const read: string[] = [];
    for (let row = 0; row < 12; row += 1) {
      read.push(await focused(page));
      await page.keyboard.press('ArrowDown');
    }
    expect(read.some((text) => text.includes('not in this trace'))).toBe(true);
    expect(read.some((text) => text.includes('under another trace id'))).toBe(true);
  });

  test('opens the reason of a cell in the matrix, and Escape closes it', async ({ open }) => {
    const page = await open(broken);
    const cell = page.getByRole('button', { name: 'lost: x-b3-traceid, reviews to ratings. Why?' });
    await cell.press('Enter');
    const why = page.locator('.why:popover-open');
    expect(await why.textContent()).toMatch(/lost: x-b3-traceid from reviews to ratings\. \S+/);
    await page.keyboard.press('Escape');
    expect(await why.count()).toBe(0);
  });

  test('reaches everything that can be clicked', async ({ open }) => {
    const page = await open(renderHtml(SAMPLES.pass!()));
    const seen = new Set<string>();
    for (let step = 0; step < 150; step += 1) {
      await page.keyboard.press('Tab');
      seen.add(
        await page.evaluate<string>(
          "document.activeElement.id || document.activeElement.getAttribute('class') || document.activeElement.tagName",
        ),
      );
    }
    for (const wanted of ['filter-text', 'filter-state', 'filter-version', 'trace-list', 'span', 'backend'])
      expect([...seen]).toContain(wanted);
  });
});

describe('the search for a trace', () => {
  test('narrows the list by text, state and version, and counts the matches', async ({ open }) => {
    const page = await open(broken);
    const count = page.locator('#filter-count');
    const options = page.locator('#trace-list [role=option]');
    const all = await options.count();
    await page.selectOption('#filter-state', 'broken');
    const some = await options.count();
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    expect(await count.textContent()).toBe(`${some} of ${all} traces`);
    await page.selectOption('#filter-version', 'v1');
    expect(await options.count()).toBe(0);
    await page.selectOption('#filter-state', '');
    expect(await options.count()).toBe(all - some);
    await page.selectOption('#filter-version', '');
    await page.fill('#filter-text', 'P001');
    expect(await options.allInnerTexts()).toHaveLength(1);
    await page.fill('#filter-text', 'nothing like it');
    expect(await count.textContent()).toBe(`0 of ${all} traces`);
  });

  test('follows an address, a point of the scatter and evidence of a finding to their trace', async ({ open }) => {
    const page = await open(broken, { hash: '#trace-p004' });
    const head = page.locator('.trace-head');
    expect(await head.textContent()).toContain('p004');
    await page.locator('#scatter [data-point="1"]').click();
    expect(await head.textContent()).not.toContain('p004');
    expect(await head.textContent()).toContain(new URL(page.url()).hash.replace('#trace-', ''));
    const evidence = page.locator('[data-show]').first();
    await evidence.click();
    expect(await page.locator('table[data-trace]').getAttribute('data-trace')).toBe(
      await evidence.getAttribute('data-show'),
    );
  });

  test('finds a trace under another trace id, by id and by service', async ({ open }) => {
    const page = await open(broken);
    const options = page.locator('#trace-list [role=option]');
    const id = await page.locator('tr.heading code').first().textContent();
    await page.fill('#filter-text', id ?? '?');
    expect(await options.count()).toBe(1);
    expect(await options.first().textContent()).toMatch(/\d\+2 spans/);
    await page.fill('#filter-text', 'ratings missing');
    expect(await options.count()).toBeGreaterThan(1);
  });

  test('marks the shown trace in the list, and no other', async ({ open }) => {
    const page = await open(broken);
    const marked = page.locator('#trace-list [aria-selected=true]');
    const shown = async () => /p\d+/.exec((await page.locator('.trace-head').textContent()) ?? '')?.[0];
    expect(await marked.textContent()).toContain(await shown());
    await page.selectOption('#filter-state', 'whole');
    expect(await marked.count()).toBe(0);
    await page.locator('#trace-list').press('ArrowDown');
    expect(await marked.textContent()).toContain(await shown());
    await page.selectOption('#filter-state', '');
    expect(await marked.textContent()).toContain(await shown());
  });

  test('follows another address in the open page', async ({ open }) => {
    const page = await open(broken);
    await page.evaluate("location.hash = '#trace-p005'");
    await expect.poll(() => page.locator('.trace-head').textContent()).toContain('p005');
  });

  test('unfolds the meaning of a code on request', async ({ open }) => {
    const page = await open(broken);
    const about = page.locator('#about-HC501');
    expect(await about.getAttribute('open')).toBeNull();
    await page.getByRole('link', { name: 'what HC501 means' }).click();
    // Browsers tell of a new address when they get to it.
    await expect.poll(() => about.getAttribute('open')).not.toBeNull();
  });

  test('leaves a command line to be copied, or at least selected', async ({ open }) => {
    const page = await open(broken);
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { globalThis.copied = text; } }, configurable: true })",
    );
    await page.locator('.curl summary').first().click();
    const button = page.locator('.curl .copy').first();
    await page.clock.install();
    await button.click();
    expect(await page.evaluate('globalThis.copied')).toMatch(/\bcurl -sS/);
    expect(await button.textContent()).toBe('copied');
    await page.clock.runFor(3000);
    expect(await button.textContent()).toBe('copy');
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await button.click();
    expect(await page.evaluate('getSelection().toString()')).toMatch(/\bcurl -sS/);
  });
});

describe('a list of 2 000 traces', () => {
  test('has all of them, and elements only for those in sight', async ({ open }) => {
    const page = await open(renderHtml(manyTraces(2000)));
    const list = page.locator('#trace-list');
    const options = list.locator('[role=option]');
    expect(await options.first().getAttribute('aria-setsize')).toBe('2000');
    // Broken ones stand first, and p2000 is one of them.
    await list.press('End');
    expect(await list.locator('[aria-selected=true]').textContent()).toContain('p1999');
    expect(await options.count()).toBeLessThan(60);
    await list.press('PageUp');
    expect(await list.locator('[aria-selected=true]').textContent()).not.toContain('p1999');
    await page.fill('#filter-text', 'p1234');
    expect(await options.count()).toBe(1);
    expect(await page.evaluate<number>("document.querySelectorAll('*').length")).toBeLessThan(12_000);
    expect(await page.locator('#traces').textContent()).toContain("the others' are in Jaeger and in the capture");
  });

  test('counts the traces that it leaves out', async ({ open }) => {
    const page = await open(renderHtml(manyTraces(2100)));
    expect(await page.locator('#traces').textContent()).toContain(
      '100 more traces left out (all of them whole); the capture has all',
    );
  });
});
