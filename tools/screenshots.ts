import { mkdirSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../fixtures/testing/chromium.ts';
import { reportOf } from '../fixtures/testing/report-of.ts';
import { surveyLab } from '../fixtures/testing/survey-lab.ts';
import { parseFault } from '../harness/lab/faults.ts';
import { labOptions } from '../harness/lab/options.ts';
import { startStandin } from '../harness/lab/standin.ts';
import { renderHtml } from '../reports/html/html.ts';

// npm run screenshots: the pictures of README and docs, of a run on the embedded lab in which reviews drops every header.
const FOLDER = resolve(import.meta.dirname, '../docs/images');

/** `part`: only that part of the page; else what is seen first. */
interface Shot {
  readonly name: string;
  readonly width: number;
  readonly height?: number;
  readonly colorScheme: 'light' | 'dark';
  readonly part?: string;
}

const SHOTS: readonly Shot[] = [
  { name: 'report-light', width: 1280, height: 860, colorScheme: 'light' },
  { name: 'report-dark', width: 1280, height: 860, colorScheme: 'dark' },
  { name: 'trace-light', width: 1480, colorScheme: 'light', part: '#trace' },
  { name: 'trace-dark', width: 1480, colorScheme: 'dark', part: '#trace' },
  { name: 'map-light', width: 1280, colorScheme: 'light', part: '#map' },
  { name: 'matrix-light', width: 1280, colorScheme: 'light', part: '#propagation' },
  { name: 'times-light', width: 1280, colorScheme: 'light', part: '#times' },
  { name: 'versions-light', width: 1280, colorScheme: 'light', part: '#versions' },
  { name: 'narrow-light', width: 400, height: 860, colorScheme: 'light' },
];

const found = findChromium();
if ('missing' in found) throw new Error(found.missing);
const html = renderHtml(await brokenRun());
const folder = await mkdtemp(join(tmpdir(), 'hopcheck-screenshots-'));
const page = join(folder, 'report.html');
await writeFile(page, html);
const browser = await chromium.launch({ executablePath: found.path, args: [...CHROMIUM_ARGS] });
mkdirSync(FOLDER, { recursive: true });
for (const { name, width, height = 900, colorScheme, part } of SHOTS) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(page).href);
  const path = join(FOLDER, `${name}.png`);
  if (part === undefined) await tab.screenshot({ path });
  else await tab.locator(part).screenshot({ path });
  console.log(`docs/images/${name}.png ${Math.round(statSync(path).size / 1024)} KiB`);
  await context.close();
}
await browser.close();
await rm(folder, { recursive: true });

async function brokenRun() {
  const lab = await startStandin(labOptions({ faults: [parseFault('drop-all:reviews', ['reviews'])] }));
  try {
    return reportOf(await surveyLab(lab), { detail: true });
  } finally {
    await lab.stop();
  }
}
