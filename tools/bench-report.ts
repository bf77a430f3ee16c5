import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../fixtures/testing/chromium.ts';
import { manyTraces } from '../fixtures/testing/many-traces.ts';
import { DETAIL_TRACES } from '../harness/model/detail.ts';
import { renderHtml } from '../reports/html/html.ts';
import { TARGETS } from './figures.ts';

const ROUNDS = 5;

/** The HTML report of as many traces as it holds: written, opened in a real browser, and moved through. */
export async function benchReport(): Promise<void> {
  const report = manyTraces(DETAIL_TRACES);
  const spans = report.detail?.traces.reduce((sum, trace) => sum + trace.spans.length, 0) ?? 0;
  const startedAtMs = performance.now();
  const html = renderHtml(report);
  const writtenMs = performance.now() - startedAtMs;
  const size = `HTML report of ${DETAIL_TRACES} traces, ${spans} spans: ${(html.length / 2 ** 20).toFixed(1)} MiB, written in ${writtenMs.toFixed(0)} ms`;
  const found = findChromium();
  if ('missing' in found) {
    console.log(`${size}; not opened: ${found.missing}`);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'hopcheck-bench-'));
  const path = join(folder, 'report.html');
  await writeFile(path, html);
  const browser = await chromium.launch({ executablePath: found.path, args: [...CHROMIUM_ARGS] });
  const opened: Opened[] = [];
  let moved: Moved | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(pathToFileURL(path).href);
    opened.push(await page.evaluate<Opened>(OPENED));
    if (round === ROUNDS - 1) moved = await move(page);
    await page.close();
  }
  await browser.close();
  await rm(folder, { recursive: true });
  const best = (of: (times: Opened) => number) => Math.min(...opened.map(of)).toFixed(0);
  console.log(
    `${size}; readable after ${best(({ paintedMs }) => paintedMs)} ms, all of it at hand after ${best(({ readyMs }) => readyMs)} ms (target ${TARGETS.reportReadyMs})`,
  );
  if (moved !== undefined)
    console.log(
      `moving through its ${DETAIL_TRACES} traces: a frame takes ${moved.medianMs.toFixed(0)} ms, the longest of ${moved.frames} ${moved.longestMs.toFixed(0)} ms; a trace is shown ${moved.choiceMs.toFixed(0)} ms after its key`,
    );
}

interface Opened {
  readonly paintedMs: number;
  readonly readyMs: number;
}

interface Moved {
  readonly frames: number;
  readonly medianMs: number;
  readonly longestMs: number;
  readonly choiceMs: number;
}

/** From the start of loading: first contentful paint, and the end of the script, which is what DOMContentLoaded waits for. */
const OPENED = `new Promise((tell) => {
  const look = () => {
    const [painted] = performance.getEntriesByName('first-contentful-paint');
    const [loaded] = performance.getEntriesByType('navigation');
    if (painted === undefined || loaded.domContentLoadedEventEnd === 0) requestAnimationFrame(look);
    else tell({ paintedMs: painted.startTime, readyMs: loaded.domContentLoadedEventEnd });
  };
  look();
})`;

/**
 * The list is scrolled from end to end, one step per frame; then traces are chosen by key, each until it is painted.
 */
async function move(page: Page): Promise<Moved> {
  await page.locator('#trace-list').scrollIntoViewIfNeeded();
  return page.evaluate<Moved>(`(async () => {
    const list = document.querySelector('#trace-list');
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const frames = [];
    let before = await frame();
    for (let step = 1; step <= 120; step += 1) {
      list.scrollTop = (list.scrollHeight * step) / 120;
      const now = await frame();
      frames.push(now - before);
      before = now;
    }
    const startedAtMs = performance.now();
    for (let step = 0; step < 40; step += 1) {
      list.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
      await frame();
    }
    const choiceMs = (performance.now() - startedAtMs) / 40;
    frames.sort((a, b) => a - b);
    return { frames: frames.length, medianMs: frames[60], longestMs: frames.at(-1), choiceMs };
  })()`);
}
