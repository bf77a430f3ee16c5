import { describe, expect } from 'vitest';
import { faultReport } from '../../fixtures/testing/fault-reports.ts';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderHtml } from './html.ts';
import { test } from './testing.ts';

const html = renderHtml(SAMPLES['fail-dropped']!());
const CLIPBOARD =
  "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { globalThis.copied = text; } }, configurable: true })";

describe('the list of traces', () => {
  test('has broken traces first, and other orders on request', async ({ open }) => {
    const page = await open(html);
    const signs = async () => (await page.locator('#trace-list .sign').allTextContents()).join('');
    expect(await signs()).toMatch(/^✗+✓+$/);
    await page.selectOption('#filter-sort', 'sent');
    const probes = await page.locator('#trace-list [role=option] b').allTextContents();
    expect(probes).toEqual(probes.toSorted());
    expect(await signs()).not.toMatch(/^✗+✓+$/);
  });

  test('keeps filter, order and choice in the address, and finds them there again', async ({ open }) => {
    const page = await open(html);
    await page.selectOption('#filter-state', 'broken');
    expect(new URL(page.url()).hash).toBe('#traces&state=broken');
    await page.selectOption('#filter-sort', 'slow');
    await page.fill('#filter-text', 'ratings missing');
    await page.locator('#trace-list').press('End');
    const { hash } = new URL(page.url());
    expect(hash).toMatch(/^#trace-p\d+&state=broken&sort=slow&text=ratings\+missing$/);
    const head = await page.locator('.trace-head').textContent();
    const again = await open(html, { hash });
    expect(await again.inputValue('#filter-text')).toBe('ratings missing');
    expect(await again.inputValue('#filter-state')).toBe('broken');
    expect(await again.inputValue('#filter-sort')).toBe('slow');
    expect(await again.locator('.trace-head').textContent()).toBe(head);
    expect(await again.locator('#trace-list [role=option]').count()).toBe(
      await page.locator('#trace-list [role=option]').count(),
    );
  });

  test('makes no choice for a state or version that the run does not have', async ({ open }) => {
    const page = await open(html, { hash: '#traces&state=melted&version=v9' });
    expect(await page.inputValue('#filter-state')).toBe('');
    expect(await page.locator('#trace-list [role=option]').count()).toBe(6);
  });

  test('steps from one broken trace to the next, in a circle', async ({ open }) => {
    const page = await open(html);
    const seen: string[] = [];
    for (let step = 0; step < 5; step += 1) {
      await page.locator('#next-broken').click();
      expect(await page.locator('.trace-head').textContent()).toContain('broken');
      seen.push(new URL(page.url()).hash);
    }
    expect(new Set(seen.slice(0, 4)).size).toBe(4);
    expect(seen[4]).toBe(seen[0]);
    await page.locator('#previous-broken').click();
    expect(new URL(page.url()).hash).toBe(seen[3]);
    const healthy = await open(renderHtml(SAMPLES.pass!()));
    expect(await healthy.locator('#next-broken').count()).toBe(0);
  });
});

describe('a broken trace', () => {
  test('says where its other half was not looked up, and leads to one that was', async ({ open }) => {
    const page = await open(renderHtml(await faultReport('drop-all:reviews')));
    await page.selectOption('#filter-state', 'broken');
    await page.locator('#trace-list').press('Home');
    expect(await page.locator('.other-half').count()).toBe(0);
    await page.locator('#trace-list').press('End');
    expect(await page.locator('.other-half').textContent()).toContain('other half of this trace was not looked up');
    await page.locator('.other-half a').click();
    expect(await page.locator('#trace').textContent()).toContain('under another trace id');
  });
});

describe('what can be copied', () => {
  test('is the id and the link of a trace, also of one chosen later, each with one button', async ({ open }) => {
    const page = await open(html);
    await page.evaluate(CLIPBOARD);
    await page.locator('#trace-list').press('End');
    const head = page.locator('.trace-head');
    expect(await head.locator('button').count()).toBe(2);
    await head.getByRole('button', { name: 'copy the trace id' }).click();
    expect(await page.evaluate('globalThis.copied')).toMatch(/^[0-9a-f]{32}$/);
    await head.getByRole('button', { name: 'copy the link' }).click();
    expect(await page.evaluate('globalThis.copied')).toMatch(/^http:\/\/127\.0\.0\.1:16686\/trace\/[0-9a-f]{32}$/);
  });

  test('is the finding as Markdown for a ticket, and code with its lines', async ({ open }) => {
    const page = await open(html);
    await page.evaluate(CLIPBOARD);
    await page.getByText('As Markdown for the ticket').first().click();
    await page.locator('#culprit details.to-copy:not(.curl) .copy').click();
    const ticket = await page.evaluate<string>('globalThis.copied');
    expect(ticket.split('\n')[0]).toBe('### reviews v2, v3 → ratings: the trace context is dropped at a hop');
    for (const text of [
      'HC501 error',
      '**What to do:** make reviews copy',
      '* trace: [open](<http',
      '```sh\nhex() {',
      'curl -sS',
    ])
      expect(ticket).toContain(text);
    await page.locator('#culprit .tab-panel:visible .copy').first().click();
    expect(await page.evaluate('globalThis.copied')).toMatch(/^const HEADERS = \[\n {2}'x-request-id'/);
  });
});

describe('the matrix', () => {
  test('has a column for each header that a hop shows, and folds the others', async ({ open }) => {
    const page = await open(html);
    const columns = page.locator('[aria-label="Propagation matrix"] thead code');
    expect(await columns.allTextContents()).toEqual(['x-request-id', 'x-b3-traceid', 'x-b3-spanid']);
    expect(await page.locator('.unseen summary').textContent()).toContain(
      '7 headers that no span shows: x-b3-parentspanid',
    );
    expect(await page.locator('[aria-label="Headers that no span shows"]').isVisible()).toBe(false);
    await page.locator('.unseen summary').click();
    expect(await page.locator('[aria-label="Headers that no span shows"] button').count()).toBeGreaterThan(7);
    const legend = await page.locator('#propagation .legend').textContent();
    for (const sign of ['✓', '✗', '≠', '·', '–']) expect(legend).toContain(sign);
  });
});
