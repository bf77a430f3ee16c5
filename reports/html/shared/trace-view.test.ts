import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../../fixtures/testing/sample-reports.ts';
import { showRun } from '../show-run.ts';
import { toText } from '../to-text.ts';
import type { ShownTrace } from './shown.ts';
import { traceView } from './trace-view.ts';

const runOf = (name: string) => {
  const { detail } = SAMPLES[name]!();
  return showRun(detail!, new Set());
};
/** One line per row: what a reader sees of it, indented by depth. */
const rows = (html: string, table: 'treegrid' | 'expected') => {
  const [, body = ''] =
    (table === 'treegrid'
      ? /role="treegrid"[\s\S]*?<tbody[^>]*>([\s\S]*?)<\/table>/
      : /class="waterfall expected [^"]*"[\s\S]*?<tbody>([\s\S]*?)<\/table>/
    ).exec(html) ?? [];
  return [...body.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, cells = '']) => {
    const depth = Number(/depth-(\d+)/.exec(cells)?.[1] ?? 0);
    const text = cells
      .replace(/<svg[\s\S]*?<\/svg>/g, ' ')
      .replace(/<span class="indent"[\s\S]*?<\/span>/g, '')
      .replace(/<\/td>/g, ' | ')
      .replace(/<[^>]+>/g, '')
      .replace(/[\d.]+ [µm]?s\b/g, 'T')
      .replace(/\s+/g, ' ')
      .trim();
    return `${'  '.repeat(depth)}${text}`;
  });
};

describe('a trace beside the expected one', () => {
  it('shows the gap of a missing call, and the other half below', () => {
    const run = runOf('fail-dropped');
    const html = toText(traceView(run.traces.find(({ state }) => state === 'broken')!, run));
    expect(rows(html, 'treegrid')).toMatchInlineSnapshot(`
      [
        "istio-ingressgateway GATEWAY SERVER | | 61.6 ms |",
        "  → productpage GATEWAY CLIENT | | 61.4 ms |",
        "    productpage v1 SERVER | | 60.3 ms |",
        "      → details CLIENT | | 2.70 ms |",
        "        details v1 SERVER | | 1.64 ms |",
        "      → reviews CLIENT | | 27.4 ms |",
        "        reviews v3 SERVER | | 26.4 ms |",
        "          ✗ → ratings: not in this trace | | missing |",
        "the same request, under another trace id 4d4df2fa22c4bba60cc38ca19813f9f8 |",
        "reviews v3 → ratings CLIENT | | 2.70 ms |",
        "  ratings v1 SERVER | | 1.52 ms |",
      ]
    `);
    expect(rows(html, 'expected')).toMatchInlineSnapshot(`
      [
        "istio-ingressgateway GATEWAY SERVER | ✓ |",
        "  → productpage GATEWAY CLIENT | ✓ |",
        "    productpage SERVER | ✓ |",
        "      → details CLIENT | ✓ |",
        "        details SERVER | ✓ |",
        "      → reviews CLIENT | ✓ |",
        "        reviews v3 SERVER | ✓ |",
        "          → ratings CLIENT | ✗ missing |",
        "            ratings SERVER | ✗ missing |",
      ]
    `);
  });

  it('shows spans below a silent service as present and not joined', () => {
    const run = runOf('fail-silent');
    const html = toText(traceView(run.traces.find(({ version }) => version === 'v1') ?? run.traces[0]!, run));
    expect(rows(html, 'treegrid')).toMatchInlineSnapshot(`
      [
        "istio-ingressgateway GATEWAY SERVER | | 94.3 ms |",
        "  → productpage GATEWAY CLIENT | | 94.1 ms |",
        "    ✗ productpage: no span of the call | | missing |",
        "details v1 SERVER ✗ orphan: its parent is not in the trace | | 8.27 ms |",
        "reviews v1 SERVER ✗ orphan: its parent is not in the trace | | 1.73 ms |",
      ]
    `);
    expect(rows(html, 'expected')).toMatchInlineSnapshot(`
      [
        "istio-ingressgateway GATEWAY SERVER | ✓ |",
        "  → productpage GATEWAY CLIENT | ✓ |",
        "    productpage SERVER | ✗ missing |",
        "      → details CLIENT | ✗ missing |",
        "        details SERVER | ✗ not joined |",
        "      → reviews CLIENT | ✗ missing |",
        "        reviews v1 SERVER | ✗ not joined |",
      ]
    `);
  });

  it('marks failed calls, spans of an application, and spans without a place', () => {
    const run = runOf('pass');
    const [trace] = run.traces;
    const [span] = trace!.spans;
    const odd: ShownTrace = {
      ...trace!,
      spans: [
        { ...span!, status: 503, flags: ['UH'], marks: ['entry'] },
        { ...span!, status: 0, flags: ['DC'], marks: ['duplicate'], depth: 1, parent: 0 },
        { ...span!, proxy: false, kind: 'unspecified', marks: ['cycle'], codes: ['HC407'] },
      ],
      spansLeftOut: 7,
    };
    expect(rows(toText(traceView(odd, run)), 'treegrid')).toMatchInlineSnapshot(`
      [
        "istio-ingressgateway GATEWAY SERVER | | 29.4 ms 503 UH |",
        "  istio-ingressgateway GATEWAY SERVER ✗ same id and kind as another span | | 29.4 ms no answer DC |",
        "istio-ingressgateway GATEWAY NO KIND application ✗ on a circle of parents ✗ HC407: wrong link | | 29.4 ms |",
        "7 more spans are left out here; Jaeger shows all of them |",
      ]
    `);
    const { pages: _, ...elsewhere } = run;
    expect(toText(traceView(odd, elsewhere))).toContain('left out here; the trace backend shows all of them');
  });

  it('shows a missing gateway above all spans and over the whole time', () => {
    const run = runOf('pass');
    const gap = { caller: 'a', callee: 'gone', half: 'client' } as const;
    const html = toText(traceView({ ...run.traces[0]!, gaps: [gap] }, run));
    expect(rows(html, 'treegrid')[0]).toBe('✗ → gone: not in this trace | | missing |');
    expect(html).toMatch(/class="hole" x="0" y="3" width="1000"/);
  });

  it('marks the row of a span that is in the wrong place', () => {
    const run = runOf('pass');
    const [span, ...rest] = run.traces[0]!.spans;
    const classes = (spans: ShownTrace['spans']) =>
      [...toText(traceView({ ...run.traces[0]!, spans }, run)).matchAll(/<tr class="(span[^"]*)"/g)].map(
        ([, found]) => found,
      );
    expect(classes([{ ...span!, marks: ['orphan'] }, ...rest]).filter((found) => found === 'span bad')).toHaveLength(1);
    expect(classes([span!, ...rest])).not.toContain('span bad');
  });

  it('has its id, and a link where a backend is known', () => {
    const { pages, ...run } = runOf('pass');
    const [trace] = run.traces;
    const head = (shown: typeof run & { pages?: NonNullable<typeof pages> }) =>
      /<p class="trace-head"[\s\S]*?<\/p>/.exec(toText(traceView(trace!, shown)))?.[0];
    expect(head(run)).toContain(`<code class="id" data-copy="trace id">${trace!.id}</code>`);
    expect(head({ ...run, pages: pages! })).toContain(`href="http://127.0.0.1:16686/trace/${trace!.id}"`);
  });

  it('is compared with the only expected trace where its version has none, and names no version', () => {
    const run = runOf('pass');
    const [trace] = run.traces;
    const { version: _, ...only } = run.expected[0]!;
    expect(trace!.version).toBeDefined();
    const html = toText(traceView(trace!, { ...run, expected: [only] }));
    expect(html).toContain('<th scope="col">expected</th>');
    expect(html).not.toContain('Nothing to compare with');
  });

  it('is compared with none where its version is unknown', () => {
    const run = runOf('pass');
    const { version: _, ...unknown } = run.traces[0]!;
    expect(toText(traceView(unknown, run))).toContain('Nothing to compare with');
  });
});

it('traceView divides the indentation by the number of levels, and shows levels without a style sheet', () => {
  const run = runOf('fail-dropped');
  const [trace] = run.traces;
  const [span] = trace!.spans;
  const html = (depth: number) => toText(traceView({ ...trace!, spans: [{ ...span!, depth }] }, run));
  expect(html(9)).toContain('class="waterfall levels-10"');
  expect(html(10)).toContain('class="waterfall levels-20"');
  expect(html(400)).toContain('class="waterfall levels-100"');
  expect(html(400)).toContain('class="name depth-99"');
  expect(html(2)).toContain(`aria-hidden="true">${'\u00a0'.repeat(6)}└ </span>`);
});
