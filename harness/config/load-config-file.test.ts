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
    {
      name: 'hopcheck.config.yaml',
      text: 'ingress: http://a\n  jaeger: secret\n',
      message: /breaks at line \d+ column \d+/,
    },
    {
      name: 'hopcheck.config.yaml',
      text: 'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\n',
      message: /can be resolved/,
    },
    { name: 'hopcheck.config.yaml', text: '- a\n- b\n', message: /expected an object of options/ },
    { name: 'hopcheck.config.ts', text: 'export const settings = {};\n', message: /an export `config`/ },
    { name: 'hopcheck.config.ts', text: 'throw new Error("no");\n', message: /a module that loads \(.*no\)/ },
    {
      name: 'hopcheck.config.ts',
      text: 'export const config = Promise.reject(new Error("no"));\n',
      message: /that loads \(.*no\)/,
    },
    {
      name: 'hopcheck.config.ts',
      text: 'export const config = new Map([["rate", 3]]);\n',
      message: /a plain object of options, e\.g\. export/,
    },
    { name: 'hopcheck.config.ts', text: 'export const config = () => ({});\n', message: /a plain object of options/ },
    {
      name: 'hopcheck.config.yaml',
      text: 'rate: 3\nrate: 4\n',
      message: /line 2 column 1: a key that is there twice\), e\.g\. ingress: http/,
    },
    { name: 'hopcheck.config.yaml', text: 'only: a: secret\n', message: /a colon with a space after it/ },
    { name: 'hopcheck.config.yaml', text: 'rat: 3\n', message: /"rat" .*expected "rate", e\.g\. rate: 3/ },
    {
      name: 'hopcheck.config.json',
      text: '{"rate": 3,\n\t"rate": 4}',
      message: /each key once \(line 2 column 2 repeats one\), e\.g\. \{"ingress/,
    },
  ])('is refused with one message that never shows its content: $name with $text', async ({ name, text, message }) => {
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
