import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkArrows, PURE, ROOMS } from './arrows.ts';

describe('checkArrows', () => {
  let root: string;
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'arrows-'));
    for (const room of Object.keys(ROOMS)) mkdirSync(join(root, room.replace('/*', '')), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('accepts this repository', () => {
    const { modules, imports, ...wrong } = checkArrows(resolve(import.meta.dirname, '..'));
    expect(modules).toBeGreaterThan(50);
    expect(imports).toBeGreaterThan(100);
    expect(wrong).toEqual({ violations: [], missingRooms: [], looseFiles: [], circles: [], loadedEarly: [] });
  });

  it.each([
    ['harness/judge/x.ts', `import { a } from '../probe/plan.ts';`],
    ['harness/judge/x.ts', `import type { A } from '../backend/backend.ts';`],
    ['harness/model/x.ts', `export { a } from '../judge/judge.ts';`],
    ['harness/survey/x.ts', `const lab = await import('../lab/lab.ts');`],
    ['harness/capture/x.ts', `import '../judge/judge.ts';`],
    ['harness/judge/x.ts', `import {\n  a,\n  b,\n} from '../settle/settler.ts';`],
    ['reports/x.ts', `import { judge } from '../harness/judge/judge.ts';`],
    ['harness/judge/x.ts', `import { a } from '../model.ts';`],
    ['harness/lab/x.ts', `import { a } from '../../fixtures/envoy/engine.ts';`],
    ['harness/cli/x.ts', `import { a } from '../lab/lab.ts';`],
    ['harness/cli/x.ts', `import { a } from '../../fixtures/envoy/engine.ts';`],
    ['harness/cli/x.ts', `const { a } = await import('../../fixtures/envoy/engine.ts');`],
    ['harness/cli/lab/start-lab.ts', `import { a } from '../../../fixtures/envoy/engine.ts';`],
    ['harness/kube/discover/x.ts', `import { a } from '../api/reader.ts';`],
    ['harness/kube/expect/x.ts', `import { a } from '../contradict/routes.ts';`],
    ['harness/judge/x.ts', `import { readFileSync } from 'node:fs';`],
    ['harness/kube/contradict/x.ts', `import { CoreV1Api } from '@kubernetes/client-node';`],
    ['harness/stats/x.ts', `import { a } from 'pure-random';`],
    ['reports/html/page/x.ts', `import { readFileSync } from 'node:fs';`],
    ['reports/html/page/x.ts', `const path = await import('path');`],
    ['reports/html/shared/x.ts', `import type { Hash } from 'node:crypto';`],
    ['reports/html/shared/x.ts', `import { Graph } from '@dagrejs/dagre';`],
    ['reports/characters/x.ts', `import stringWidth from 'string-width';`],
    ['reports/html/page/x.ts', `import { pack } from '../pack.ts';`],
    ['reports/html/page/x.ts', `import { CODES } from '../../../harness/model/codes.ts';`],
    ['reports/html/shared/x.ts', `import { element } from '../page/dom.ts';`],
    ['reports/html/shared/x.ts', `import { words } from '../../words.ts';`],
    ['reports/html/x.ts', `import { element } from './page/dom.ts';`],
  ])('reports %s: %s is forbidden', (path, text) => {
    plant(path, text);
    expect(checkArrows(root).violations).toHaveLength(1);
  });

  it.each([
    ['harness/judge/x.ts', `import { a } from '../model/ids.ts';`],
    ['harness/cli/lab/x.ts', `import { a } from '../../lab/lab.ts';`],
    ['harness/cli/lab/start-lab.ts', `const { a } = await import('../../../fixtures/envoy/engine.ts');`],
    ['harness/judge/x.test.ts', `import { a } from '../../fixtures/testing/settings.ts';`],
    ['harness/cli/testing/x.ts', `import { a } from '../../../fixtures/recordings/load.ts';`],
    ['harness/model/x.ts', `import { z } from 'zod';`],
    ['harness/stats/x.ts', `import { a } from 'pure-rand/generator/xoroshiro128plus';`],
    ['harness/system/x.ts', `import { a } from 'node:fs';`],
    ['reports/x.ts', `import { a } from '../harness/model/report.ts';`],
    ['reports/html/x.ts', `import { createHash } from 'node:crypto';`],
    ['reports/html/x.ts', `import { h } from './shared/element.ts';`],
    ['reports/html/page/x.ts', `import { h } from '../shared/element.ts';`],
    ['reports/html/shared/x.test.ts', `import fc from 'fast-check';`],
  ])('accepts %s: %s is allowed', (path, text) => {
    plant(path, text);
    expect(checkArrows(root).violations).toEqual([]);
  });

  it('names a room that does not exist', () => {
    rmSync(join(root, 'harness/judge'), { recursive: true });
    expect(checkArrows(root).missingRooms).toEqual(['harness/judge']);
  });

  it('names a file outside every room, whether it imports anything or not', () => {
    plant('harness/loose.ts', 'export const a = 1;');
    plant('harness/nowhere/x.ts', 'export const a = 1;');
    plant('harness/judge/deep/x.ts', 'export const a = 1;');
    expect(checkArrows(root).looseFiles).toEqual(['harness/loose.ts', 'harness/nowhere/x.ts']);
  });

  it('names a circle once, types included, and no module that only leads to it', () => {
    plant('harness/judge/a.ts', `import type { B } from './b.ts';`);
    plant('harness/judge/b.ts', `import { c } from './c.ts';`);
    plant('harness/judge/c.ts', `import { a } from './a.ts';`);
    plant('harness/judge/before.ts', `import { a } from './a.ts';`);
    const circle = ['a', 'b', 'c', 'a'].map((name) => `harness/judge/${name}.ts`);
    expect(checkArrows(root).circles).toEqual([circle]);
  });

  it('names a circle between two test files, and a module that imports itself', () => {
    plant('harness/judge/a.test.ts', `import './b.test.ts';`);
    plant('harness/judge/b.test.ts', `import './a.test.ts';`);
    plant('harness/judge/self.ts', `import './self.ts';`);
    expect(checkArrows(root).circles).toEqual([
      ['harness/judge/a.test.ts', 'harness/judge/b.test.ts', 'harness/judge/a.test.ts'],
      ['harness/judge/self.ts', 'harness/judge/self.ts'],
    ]);
  });

  it('names the modules that a start of hopcheck loads too early, but not types, and not later loads', () => {
    plant('harness/cli/bin.ts', `import { a } from './lab/lab.ts';\nimport type { T } from '../lab/type.ts';`);
    plant('harness/cli/lab/lab.ts', `import { b } from '../../lab/early.ts';\nawait import('../../lab/late.ts');`);
    for (const name of ['type', 'early', 'late']) plant(`harness/lab/${name}.ts`, 'export {};');
    const { loadedEarly, violations } = checkArrows(root);
    expect({ loadedEarly, violations: violations.map(({ imports }) => imports) }).toEqual({
      loadedEarly: ['harness/lab/early.ts'],
      violations: ['harness/lab/type.ts'],
    });
  });

  it('accepts only rooms that exist in the list of pure rooms', () => {
    expect(Object.keys(PURE).filter((room) => !(room in ROOMS))).toEqual([]);
  });
});
