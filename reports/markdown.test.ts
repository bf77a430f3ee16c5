import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import type { FindingCode } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';
import { renderMarkdown } from './markdown.ts';

const base = SAMPLES['fail-dropped']!();
const [finding] = base.promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));

/** So many of everything that there can be many of, each with this text. */
function many(count: number, text: string): RunReport {
  const codes: readonly FindingCode[] = ['HC304', 'HC304', 'HC304', 'HC501'];
  const findings = Array.from({ length: count }, (_, index) => ({
    ...finding!,
    code: codes[Math.floor((index * codes.length) / count)] ?? 'HC501',
    subject: { kind: 'hop' as const, caller: text, callee: `${index}${text}` },
    expected: text,
    received: text,
    remedy: text,
    ...(index % 10 === 9 && {
      explainedBy: { promise: 'propagation' as const, code: 'HC501' as const, subject: finding!.subject },
    }),
  }));
  return {
    ...base,
    sentence: text,
    promises: base.promises.map((promise, index) => ({
      ...promise,
      observed: text,
      reason: text,
      findings: index === 3 ? findings : [],
    })),
    hops: findings.map(({ subject }) => ({ ...base.hops[0]!, caller: subject.caller, callee: subject.callee })),
    policy: {
      failOn: [],
      only: [],
      skip: [],
      tolerated: findings.map(({ code }) => ({ code, reason: text, findings: 1 })),
    },
  };
}

describe('a comment for GitHub', () => {
  it.each([
    { what: 'many findings', count: 200, text: 'x'.repeat(200) },
    { what: 'text that grows when it is escaped', count: 200, text: '@'.repeat(400) },
    { what: 'a few with such text', count: 20, text: '#'.repeat(400) },
    { what: 'very many', count: 2000, text: 'name' },
  ])('has at most 60 000 characters, the verdict and every promise: $what', ({ count, text }) => {
    const markdown = renderMarkdown(many(count, text));
    expect(markdown.length).toBeLessThanOrEqual(60_000);
    expect(markdown).toMatch(/^## ❌ hopcheck: FAIL\n/);
    for (const { id } of base.promises) expect(markdown).toContain(` | ${id} | `);
  });

  it('counts the findings and hops that it leaves out, by code', () => {
    const markdown = renderMarkdown(many(200, 'x'.repeat(200)));
    const shown = markdown.match(/^### /gm)?.length ?? 0;
    const [, leftOut = '', counts = ''] =
      /\*\*(\d+) more findings are left out here\*\* \((.*)\):/.exec(markdown) ?? [];
    expect(shown).toBeGreaterThan(20);
    expect(shown + Number(leftOut)).toBe(180);
    expect(counts).toMatch(/^HC304 × \d+, HC501 × \d+$/);
    const hops = markdown.match(/^\| x+ → \d+x+ \|/gm)?.length ?? 0;
    const [, hopsLeftOut = ''] = /\| (\d+) more hops are left out here \|/.exec(markdown) ?? [];
    expect(hops + Number(hopsLeftOut)).toBe(200);
  });

  it('shows some of every code', () => {
    expect(renderMarkdown(many(200, 'x'.repeat(200)))).toContain('### HC501 ');
  });

  it('leaves nothing out where there is room', () => {
    expect(renderMarkdown(many(20, 'short'))).not.toMatch(/left out here|^\* \d+ more/m);
  });
});

describe('a comment about a service whose stack is known', () => {
  const stacked = (command?: string): RunReport => ({
    ...base,
    promises: base.promises.map((promise) => ({
      ...promise,
      findings: promise.findings.map((one) => ({
        ...one,
        facts: {
          ...one.facts,
          remedy: { kind: 'forward-headers', stack: 'go-http', upstreams: ['ratings'], headers: [] },
        },
      })) as unknown as Finding[],
    })),
    hops: base.hops.map((hop) => ({
      ...hop,
      headers: { ...hop.headers, 'x-b3-flags': { cell: 'not-observable', ...(command !== undefined && { command }) } },
    })) as unknown as RunReport['hops'],
  });

  it('has the code that copies the headers, and the command that shows the others', () => {
    const markdown = renderMarkdown(stacked('hopcheck contract --name a'));
    expect(markdown).toContain('```go\n');
    expect(markdown).toContain('\n* `hopcheck contract --name a`\n');
  });

  it('lets no command end its code span', () => {
    expect(renderMarkdown(stacked('a` <b>'))).toContain('\n* a\\` &lt;b\\>\n');
  });
});
