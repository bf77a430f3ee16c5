import { expect } from 'vitest';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { FleetReport } from '../../harness/model/fleet-report.ts';
import { test } from '../html/testing.ts';
import { renderFleetHtml } from './fleet-html.ts';

/** Targets with the report of a failure, of which the sentence and the names of all promises are the longest. */
function fleetOf(names: readonly string[]): FleetReport {
  const report = SAMPLES['fail-dropped']!();
  return {
    schema: 'hopcheck/fleet-report@1',
    verdict: 'fail',
    exitCode: 1,
    sentence: `${names.length} of ${names.length} targets fail`,
    alpha: { all: 1e-5, each: 1e-6, confidence: 0.995 },
    promises: report.promises.map(({ id, title, status }) => ({
      id,
      title,
      status,
      targets: { [status]: names.length },
    })),
    targets: names.map((name) => ({
      name,
      verdict: 'fail',
      sentence: report.sentence,
      parts: { of: 2, missing: [2] },
      report,
    })),
  };
}

test('a row of the fleet page is a few lines high, and a name stays in one piece, at every width', async ({ open }) => {
  const page = await open(renderFleetHtml(fleetOf(['__proto__', 'constructor', 'production/orders']), new Map()));
  for (const width of [320, 800, 1100, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const heights = await page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.clientHeight));
    const names = await page
      .locator('tbody th')
      .evaluateAll((cells) => cells.map((cell) => ({ name: cell.textContent, height: cell.clientHeight })));
    const lines = await page.locator('tbody th').evaluateAll((cells) =>
      cells.map((cell) => {
        const range = cell.ownerDocument.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length;
      }),
    );
    expect(Math.max(...heights), `${width} px, ${JSON.stringify(names)}`).toBeLessThan(200);
    expect(lines, `${width} px`).toEqual(lines.map(() => 1));
    // The table scrolls in its own box, and the page does not.
    expect(await page.evaluate('document.documentElement.scrollWidth'), `${width} px`).toBeLessThanOrEqual(width);
  }
});
