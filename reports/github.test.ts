import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import type { FindingCode } from '../harness/model/codes.ts';
import type { Finding, Severity } from '../harness/model/finding.ts';
import { renderGithub } from './github.ts';

const base = SAMPLES['fail-dropped']!();
const [finding] = base.promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));

/** So many findings of a code, each of another service. A later one was seen more often. */
function many(code: FindingCode, count: number, severity: Severity = 'error'): readonly Finding[] {
  return Array.from({ length: count }, (_, index) => ({
    ...finding!,
    code,
    severity,
    subject: { kind: 'service' as const, service: `s${index}` },
    share: { affected: index, of: count },
  }));
}

function render(findings: readonly Finding[]): string[] {
  const promises = base.promises.map((promise, index) => ({ ...promise, findings: index === 0 ? findings : [] }));
  return renderGithub({ ...base, promises })
    .trimEnd()
    .split('\n');
}

const levels = (lines: readonly string[], level: string) => lines.filter((line) => line.startsWith(`::${level} `));

describe('GitHub annotations, of which a step shows ten of each level', () => {
  it('begin with the verdict', () => {
    expect(render(many('HC306', 30))[0]).toMatch(/^::error title=hopcheck%3A FAIL \(exit 1\)::reviews v2/);
  });

  it('stay within that number, and the last one counts those left out', () => {
    const lines = render([...many('HC306', 30), ...many('HC203', 30, 'warning')]);
    const [errors, warnings] = [levels(lines, 'error'), levels(lines, 'warning')];
    expect({ errors: errors.length, warnings: warnings.length }).toEqual({ errors: 10, warnings: 10 });
    expect(errors.at(-1)).toMatch(/title=hopcheck%3A 22 more of this level::not shown here: HC306 × 22; /);
    expect(warnings.at(-1)).toContain('hopcheck%3A 21 more of this level');
  });

  it('are all shown where they fit, the verdict included', () => {
    expect(levels(render(many('HC306', 9)), 'error')).toHaveLength(10);
    expect(render(many('HC306', 9)).join('\n')).not.toContain('more of this level');
    expect(levels(render(many('HC306', 10)), 'error').at(-1)).toContain('2 more of this level');
  });

  it('show each code before a second finding of any code, the most frequent first', () => {
    const lines = render([...many('HC306', 20), ...many('HC203', 2), ...many('HC201', 1)]);
    const titles = levels(lines, 'error').map((line) => /title=([^:]*)::/.exec(line)?.[1]);
    expect(titles.slice(1, 6)).toEqual(['HC306 s19', 'HC203 s1', 'HC201 s0', 'HC306 s18', 'HC203 s0']);
  });
});
