import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkArrows } from './arrows.ts';

describe('checkArrows', () => {
  let root: string;
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'arrows-'));
    for (const room of ['specs', 'harness/model', 'fixtures/lab', 'reports', 'tools'])
      mkdirSync(join(root, room), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('sees this repository and finds nothing forbidden in it', () => {
    const report = checkArrows(resolve(import.meta.dirname, '..'));
    expect(report.modules).toBeGreaterThan(50);
    expect(report.imports).toBeGreaterThan(100);
    expect(report.violations).toEqual([]);
  });

  it.each([
    ['harness/judge/x.ts', `import { a } from '../../specs/plan.ts';`],
    ['harness/judge/x.ts', `import type { A } from '../backend/backend.ts';`],
    ['harness/model/x.ts', `export { a } from '../judge/judge.ts';`],
    ['harness/survey.ts', `const lab = await import('../harness/lab/lab.ts');`],
    ['harness/capture/x.ts', `import '../judge/judge.ts';`],
    ['harness/judge/x.ts', `import {\n  a,\n  b,\n} from '../settle/settler.ts';`],
    ['reports/x.ts', `import { judge } from '../harness/judge/judge.ts';`],
    ['harness/nowhere/x.ts', `import { a } from '../model/ids.ts';`],
  ])('%s: %s is forbidden', (path, text) => {
    plant(path, text);
    expect(checkArrows(root).violations).toHaveLength(1);
  });

  it.each([
    ['harness/judge/x.ts', `import { a } from '../model/ids.ts';`],
    ['harness/cli/x.ts', `import { a } from '../../fixtures/lab/lab.ts';`],
    ['harness/judge/x.test.ts', `import { a } from '../../fixtures/lab/lab.ts';`],
    ['reports/x.ts', `import { a } from '../harness/model/report.ts';`],
  ])('%s: %s is allowed', (path, text) => {
    plant(path, text);
    expect(checkArrows(root).violations).toEqual([]);
  });
});
