import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  ])('%s', async (name, text) => {
    const given = name.startsWith('other') ? name : undefined;
    const { probes, ingress, services, configuration } = await settings(name, text, given);
    expect([probes, ingress.url.href, services?.value]).toEqual([12, 'http://a/', { 'x.y': 'x' }]);
    expect(configuration.find((option) => option.name === 'probes')).toMatchObject({
      source: 'file',
      from: `${name}, "probes"`,
    });
  });
});

describe('a file that is none: one message, and never its content', () => {
  it.each([
    ['hopcheck.config.yaml', 'ingress: http://a\n  jaeger: secret\n', /breaks at line \d+ column \d+/],
    [
      'hopcheck.config.yaml',
      'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\n',
      /can be resolved/,
    ],
    ['hopcheck.config.yaml', '- a\n- b\n', /expected an object of options/],
    ['hopcheck.config.ts', 'export const settings = {};\n', /an export `config`/],
    ['hopcheck.config.ts', 'throw new Error("no");\n', /a module that loads \(no\)/],
  ])('%s %j', async (name, text, message) => {
    const error = await settings(name, text).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('secret');
  });

  it('two of them: which is meant nobody can know', async () => {
    writeFileSync(join(folder, 'hopcheck.config.json'), '{}');
    await expect(settings('hopcheck.config.yaml', 'ingress: http://a')).rejects.toThrow(
      /"hopcheck.config.yaml and hopcheck.config.json": expected one configuration file/,
    );
  });

  it('one that is asked for and not there', async () => {
    await expect(loadConfigFile(folder, 'none.yaml')).rejects.toThrow(/--config "none.yaml" \(from flag --config\)/);
    expect(await loadConfigFile(folder)).toBeUndefined();
  });
});
