import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfigFile } from '../config/load-config-file.ts';
import { resolvePolicy } from '../config/policy.ts';
import { resolveSettings } from '../config/resolve.ts';
import { callMain } from './testing/call-main.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hopcheck-init-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const init = (...flags: readonly string[]) => callMain(['init', ...flags], { cwd });
const read = (path: string) => readFileSync(join(cwd, path), 'utf8');
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
const contents = () =>
  Object.fromEntries(
    readdirSync(cwd, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
  );
const FILES = ['hopcheck.config.yaml', 'vitest.mesh.config.mts', 'mesh/page.mesh.ts', '.github/workflows/mesh.yml'];

describe('in an empty folder', () => {
  it('writes a configuration, a Vitest configuration, a spec and a CI job, and explains each', async () => {
    const { exitCode, stdout, stderr } = await init();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const path of FILES) {
      expect(existsSync(join(cwd, path)), path).toBe(true);
      expect(stdout).toMatch(new RegExp(`wrote: ${path.replaceAll('.', '\\.')} +\\w`));
    }
    expect(stdout).toContain('npm init -y');
    expect(stdout).toContain('npm install --save-dev hopcheck vitest');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('writes a configuration that hopcheck takes', async () => {
    await init();
    const file = await loadConfigFile(cwd);
    const input = { flags: {}, env: {}, readFile: () => '', ...(file !== undefined && { file }) };
    expect(resolveSettings(input)).toMatchObject({ probes: 60 });
    expect(resolvePolicy(input).tolerate).toEqual([]);
    expect(parse(read('.github/workflows/mesh.yml'))).toMatchObject({ jobs: { mesh: { steps: expect.any(Array) } } });
  });

  it('writes nothing with --dry-run', async () => {
    const { exitCode, stdout } = await init('--dry-run');
    expect({ exitCode, files: readdirSync(cwd) }).toEqual({ exitCode: 0, files: [] });
    expect(stdout).toContain('would write: hopcheck.config.yaml');
  });
});

describe('in a folder with files', () => {
  it('overwrites nothing, and the second call names what is there', async () => {
    await init();
    const before = contents();
    const { exitCode, stdout } = await init();
    expect(exitCode).toBe(0);
    expect(contents()).toEqual(before);
    for (const path of FILES) expect(stdout).toContain(`there: ${path}`);
    expect(stdout).not.toContain('wrote:');
  });

  it('keeps a file of the same name, and writes the others', async () => {
    put('mesh/page.mesh.ts', '// mine');
    const { stdout } = await init();
    expect(read('mesh/page.mesh.ts')).toBe('// mine');
    expect(stdout).toContain('there: mesh/page.mesh.ts');
    expect(stdout).toContain('wrote: hopcheck.config.yaml');
  });

  it('writes no second configuration beside one of another format', async () => {
    put('hopcheck.config.json', '{"probes": 12}');
    const { stdout } = await init();
    expect(existsSync(join(cwd, 'hopcheck.config.yaml'))).toBe(false);
    expect(stdout).toContain('there: hopcheck.config.json');
  });

  it('keeps the Vitest configuration of the repository, and names only packages that are missing', async () => {
    put('package.json', '{"devDependencies": {"vitest": "^5.0.0"}}');
    put('vitest.config.ts', '// mine');
    const { stdout, stderr } = await init();
    expect(read('vitest.config.ts')).toBe('// mine');
    expect(stderr).toContain('vitest.config.ts is kept as it is');
    expect(stdout).toContain('npm install --save-dev hopcheck\n');
    expect(stdout).not.toContain('npm init');
  });

  it('writes a job for GitLab where the repository is tested there', async () => {
    put('.gitlab-ci.yml', 'stages: [test]\n');
    const { stdout } = await init();
    expect(stdout).toContain('wrote: mesh/gitlab-ci.yml');
    expect(existsSync(join(cwd, '.github'))).toBe(false);
    expect(parse(read('mesh/gitlab-ci.yml'))).toHaveProperty('mesh.script');
  });

  it('writes a spec of the application that is named', async () => {
    copyFileSync(resolve(import.meta.dirname, '../../fixtures/applications/shop.yaml'), join(cwd, 'shop.yaml'));
    const { exitCode } = await init('--application', 'shop.yaml');
    expect(exitCode).toBe(0);
    expect(read('mesh/home.mesh.ts')).toContain("expect(traces.of('home')).toCall('shop', 'catalog');");
    expect(read('hopcheck.config.yaml')).toContain('\napplication: "shop.yaml"\n');
  });

  it('does not follow a link that leads elsewhere', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'hopcheck-outside-'));
    symlinkSync(join(outside, 'taken.yaml'), join(cwd, 'hopcheck.config.yaml'));
    const { exitCode } = await init();
    expect({ exitCode, outside: readdirSync(outside) }).toEqual({ exitCode: 0, outside: [] });
    rmSync(outside, { recursive: true });
  });
});

describe('exits with 64', () => {
  it('where a file stands in the place of a folder', async () => {
    put('mesh', 'a file');
    const { exitCode, stderr } = await init();
    expect({ exitCode, mesh: read('mesh') }).toEqual({ exitCode: 64, mesh: 'a file' });
    expect(stderr).toMatch(/mesh\/page\.mesh\.ts/);
  });

  it('where package.json cannot be read, and for a definition that is wrong', async () => {
    put('package.json', '{');
    expect(await init()).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('package.json') as string });
    put('package.json', '{}');
    expect(await init('--application', 'none.yaml')).toMatchObject({ exitCode: 64 });
    expect(readdirSync(cwd)).toEqual(['package.json']);
  });

  it.skipIf(process.getuid?.() === 0)('where the folder may not be written to (root may)', async () => {
    chmodSync(cwd, 0o500);
    expect(await init()).toMatchObject({ exitCode: 64 });
    chmodSync(cwd, 0o700);
  });
});
