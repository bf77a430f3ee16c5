import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { test as base, expect } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../../fixtures/testing/chromium.ts';

/** The report without what is the same in all of them, or is data that the page shows anyway: for golden files. */
export function withoutMachinery(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/, '<style>…</style>')
    .replace(/(<script type="module">)[\s\S]*?<\/script>/, '$1…</script>')
    .replace(/(<script type="application\/json" id="run">)[\s\S]*?<\/script>/, '$1…</script>')
    .replace(/&#39;sha256-[^&]*&#39;/g, '&#39;sha256-…&#39;');
}

export interface OpenOptions extends BrowserContextOptions {
  /** Served by an artifact store with this Content-Security-Policy, instead of opened from disk. */
  readonly policy?: string;
  /** What the store's own policy makes Chromium complain about; anything else is a failure. */
  readonly expects?: RegExp;
  readonly hash?: string;
}

type Open = (html: string, options?: OpenOptions) => Promise<Page>;

const ADDRESS = 'https://artifacts.example/job/1/report.html';

/**
 * `open(html)` shows a report in a real Chromium, from disk or as an artifact store would serve it. Whatever the test
 * looks at, it fails where the page complained on its console, broke its policy, or sent a request: those are the
 * `problems`, which a test may look at and take away.
 */
export const test = base.extend<{ browser: Browser | undefined; problems: string[]; open: Open }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest finds a fixture's dependencies by this pattern
  problems: async ({}, use) => {
    const problems: string[] = [];
    await use(problems);
    expect(problems).toEqual([]);
  },
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest finds a fixture's dependencies by this pattern
    async ({}, use) => {
      const found = findChromium();
      if ('missing' in found) return use(undefined);
      const browser = await chromium.launch({ executablePath: found.path, args: [...CHROMIUM_ARGS] });
      await use(browser);
      await browser.close();
    },
    { scope: 'file' },
  ],
  open: async ({ browser, problems, skip }, use) => {
    const found = findChromium();
    if (browser === undefined) return skip('missing' in found ? found.missing : 'no Chromium');
    const folder = mkdtempSync(join(tmpdir(), 'hopcheck-html-'));
    const open: Open = async (html, { policy, expects, hash = '', ...context } = {}) => {
      const path = join(folder, 'report.html');
      writeFileSync(path, html);
      const page = await (await browser.newContext(context)).newPage();
      const url = policy === undefined ? pathToFileURL(path).href : ADDRESS;
      const note = (text: string) => {
        if (expects === undefined || !expects.test(text)) problems.push(text);
      };
      page.on('console', (message) => note(`console ${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => note(`error: ${error.message}`));
      page.on('request', (request) => {
        if (request.url() !== url) note(`request: ${request.url()}`);
      });
      await page.exposeFunction('noteViolation', (directive: string) => note(`policy: ${directive}`));
      await page.addInitScript(
        "addEventListener('securitypolicyviolation', (event) => noteViolation(event.effectiveDirective + ' ' + event.blockedURI))",
      );
      if (policy !== undefined)
        await page.route(ADDRESS, (route) =>
          route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': policy }, body: html }),
        );
      await page.goto(`${url}${hash}`);
      return page;
    };
    await use(open);
    await Promise.all(browser.contexts().map((context) => context.close()));
    rmSync(folder, { recursive: true, force: true });
  },
});
