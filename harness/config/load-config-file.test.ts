import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfigFile } from './load-config-file.ts';
import { resolveSettings } from './resolve.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function settings(name: string, text: string, given?: string) {
  writeFileSync(join(folder, name), text);
  const file = await loadConfigFile(folder, given);
  return resolveSettings({ flags: {}, env: {}, readFile: () => '', ...(file !== undefined && { file }) });
}

describe('the same configuration in each format', () => {
  it.each([
    ['hopcheck.config.json', '{"ingress": "http://a", "jaeger": "http://b", "probes": 12, "services": {"x.y": "x"}}'],
    ['hopcheck.config.yaml', 'ingress: http://a\njaeger: http://b\nprobes: 12\nservices: {x.y: x}\n'],
    ['hopcheck.config.yml', '# a comment\n{ingress: http://a, jaeger: http://b, probes: 12, services: {x.y: x}}\n'],
    [
      'hopcheck.config.ts',
      'const probes: number = 12;\nexport const config = { ingress: "http://a", jaeger: "http://b", probes, services: { "x.y": "x" } };\n',
    ],
    [
      'other.mts',
      'export default { ingress: "http://a", jaeger: "http://b", probes: 12, services: { "x.y": "x" } };\n',
    ],
  ])('is read from %s', async (name, text) => {
    const given = name.startsWith('other') ? name : undefined;
    const { probes, ingress, services, configuration } = await settings(name, text, given);
    expect({ probes, ingress: ingress.url.href, services: services?.value }).toEqual({
      probes: 12,
      ingress: 'http://a/',
      services: { 'x.y': 'x' },
    });
    expect(configuration.find((option) => option.name === 'probes')).toMatchObject({
      source: 'file',
      from: `${name}, "probes"`,
    });
  });
});

describe('a configuration file', () => {
  it.each([
    ['hopcheck.config.yaml', 'ingress: http://a\n  jaeger: secret\n', /breaks at line \d+ column \d+/],
    [
      'hopcheck.config.yaml',
      'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\n',
      /can be resolved/,
    ],
    ['hopcheck.config.yaml', '- a\n- b\n', /expected an object of options/],
    ['hopcheck.config.ts', 'export const settings = {};\n', /an export `config`/],
    ['hopcheck.config.ts', 'throw new Error("no");\n', /a module that loads \(.*no\)/],
    ['hopcheck.config.ts', 'export const config = Promise.reject(new Error("no"));\n', /that loads \(.*no\)/],
    [
      'hopcheck.config.ts',
      'export const config = new Map([["rate", 3]]);\n',
      /a plain object of options, e\.g\. export/,
    ],
    ['hopcheck.config.ts', 'export const config = () => ({});\n', /a plain object of options/],
    [
      'hopcheck.config.yaml',
      'rate: 3\nrate: 4\n',
      /line 2 column 1: a key that is there twice\), e\.g\. ingress: http/,
    ],
    ['hopcheck.config.yaml', 'only: a: secret\n', /a colon with a space after it/],
    ['hopcheck.config.yaml', 'rat: 3\n', /"rat" .*expected "rate", e\.g\. ingress: http/],
    [
      'hopcheck.config.json',
      '{"rate": 3,\n\t"rate": 4}',
      /each key once \(line 2 column 2 repeats one\), e\.g\. \{"ingress/,
    ],
  ])('is refused with one message that never shows its content: %s with %j', async (name, text, message) => {
    const error = await settings(name, text).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('secret');
  });

  it('is refused where there are two, because hopcheck cannot know which one counts', async () => {
    writeFileSync(join(folder, 'hopcheck.config.json'), '{}');
    await expect(settings('hopcheck.config.yaml', 'ingress: http://a')).rejects.toThrow(
      /"hopcheck.config.yaml and hopcheck.config.json": expected one configuration file/,
    );
  });

  it.each(['none.yaml', 'none.ts', 'none.json'])(
    'is refused where %s was asked for and does not exist',
    async (name) => {
      await expect(loadConfigFile(folder, name)).rejects.toThrow(
        /^--config "none\.\w+" \(from flag --config\): expected a file that can be read \(ENOENT/,
      );
    },
  );

  it.each([
    ['export const config = {\n  probes: ;\n};\n', 'line 2 column 11: Expression expected'],
    ['const x = 1;\nthrow new Error(String(x));\n', 'line 2 column 7: 1'],
  ])('is refused with the line of the error in a module: %j', (text, place) => {
    writeFileSync(join(folder, 'broken.ts'), text);
    const bin = resolve(import.meta.dirname, '../cli/bin.ts');
    const { status, stderr } = spawnSync(process.execPath, [bin, 'config', '--config', 'broken.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
      status: 64,
      stderr: `--config "broken.ts" (from flag --config): expected a module that loads (${place}), e.g. export const config = { ingress: "http://127.0.0.1:8080" }; `,
    });
  });

  it('is recognised by an ending in capitals as well', async () => {
    expect((await settings('A.YAML', 'ingress: http://a\njaeger: http://b\n', 'A.YAML')).ingress.url.href).toBe(
      'http://a/',
    );
  });

  it('may be a module that exports a promise', async () => {
    const text = 'export const config = Promise.resolve({ ingress: "http://a", jaeger: "http://b", probes: 7 });\n';
    expect((await settings('hopcheck.config.ts', text)).probes).toBe(7);
  });

  it('is refused where it was asked for and does not exist, and is optional otherwise', async () => {
    await expect(loadConfigFile(folder, 'none.yaml')).rejects.toThrow(/--config "none.yaml" \(from flag --config\)/);
    expect(await loadConfigFile(folder)).toBeUndefined();
  });
});
