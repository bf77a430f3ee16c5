import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
  readonly private?: boolean;
  readonly scripts: Readonly<Record<string, string>>;
};

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly if?: string;
}
const { permissions, jobs } = parse(readFileSync(resolve(ROOT, '.github/workflows/release.yml'), 'utf8')) as {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
};
const runs = (job: string) => jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];

it('runs only scripts and tools that there are', () => {
  const scripts = Object.keys(jobs).flatMap((job) =>
    runs(job).flatMap((text) => [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name = '']) => name)),
  );
  expect(scripts.toSorted()).toEqual(['build:image', 'test:package']);
  for (const name of scripts) {
    const [, file = ''] = /^node (\S+)/.exec(manifest.scripts[name] ?? '') ?? [];
    expect(existsSync(resolve(ROOT, file)), name).toBe(true);
  }
});

it('tests before it packs, attests every file by its checksum, and gives each job the rights it needs', () => {
  const build = runs('build').join('\n');
  const order = ['npm ci', 'npm test', 'test:package', 'npm pack', 'build:image', 'sha256sum'];
  expect(order.map((step) => build.indexOf(step))).toEqual(
    order.map((step) => build.indexOf(step)).toSorted((a, b) => a - b),
  );
  expect(order.every((step) => build.includes(step))).toBe(true);
  const attest = jobs.build?.steps.find(({ uses }) => uses?.startsWith('actions/attest-build-provenance@'));
  expect(attest?.with).toEqual({ 'subject-checksums': 'release/SHA256SUMS' });
  expect(permissions).toEqual({});
  expect(jobs.build?.permissions).toEqual({ contents: 'read', 'id-token': 'write', attestations: 'write' });
  for (const { uses } of Object.values(jobs).flatMap(({ steps }) => steps)) expect(uses ?? 'a@v1').toMatch(/@v\d+$/);
});

it('publishes nothing by itself: a draft, and npm only where a person has allowed it', () => {
  expect(runs('draft').join('\n')).toContain('--draft');
  expect(jobs.npm?.if).toContain('vars.PUBLISH_TO_NPM');
  expect(runs('npm')).toEqual(['npm publish --provenance --access public release/hopcheck-*.tgz']);
  expect(manifest.private).toBe(true);
});
