import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

it('no name of the reference application is in the harness, apart from applications and lab', () => {
  const root = resolve(import.meta.dirname, '../harness');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !/^(applications|lab|cli\/lab)\//.test(path),
  );
  expect(files.length).toBeGreaterThan(50);
  const named = files.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        /productpage|reviews|ratings|bookinfo/i.test(
          line.replace(/docs\/facts\/[\w.#-]+(?:, #[\w-]+)*|accessreviews/g, ''),
        )
          ? `${path}:${index + 1}: ${line.trim()}`
          : [],
      ),
  );
  expect(named).toEqual([]);
});
