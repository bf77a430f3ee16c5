import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationSchema, pageFactsSchema, type ReadableApplication } from '../model/application.ts';
import { DEFAULT_APPLICATION } from './default.ts';

// What services answer to each other is for contract mode, and no application.
const files = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('-answers.ts'),
);
const applications: readonly (readonly [file: string, application: ReadableApplication])[] = (
  await Promise.all(
    files.map(async (file) => {
      const module: Record<string, unknown> = await import(`./${file}`);
      return Object.values(module).flatMap((value) => (isApplication(value) ? [[file, value] as const] : []));
    }),
  )
).flat();

function isApplication(value: unknown): value is ReadableApplication {
  return typeof value === 'object' && value !== null && 'definition' in value && 'read' in value;
}

it('finds an application in each file of this folder', () => {
  expect(applications.map(([file]) => file).toSorted()).toEqual(files.toSorted());
  expect(applications.map(([, application]) => application)).toContain(DEFAULT_APPLICATION);
});

describe.each(applications)('%s', (_file, { definition, read }) => {
  const { gateway, entry, services, calls, versioned } = definition;

  it('fits the schema that a capture keeps it by', () => {
    expect(applicationSchema.parse(definition)).toEqual(definition);
  });

  it('names only services that it has, and no gateway among them', () => {
    const names = services.map(({ name }) => name);
    const named = [entry, ...calls.flatMap(({ caller, callee }) => [caller, callee]), versioned?.service ?? entry];
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
    expect({ distinct: new Set(names).size, gateway: names.includes(gateway) }).toEqual({
      distinct: names.length,
      gateway: false,
    });
  });

  it('names only versions that the service has', () => {
    const versionsOf = (name: string) => services.find((service) => service.name === name)?.versions ?? [];
    const asked = calls.flatMap(({ caller, whenCallerVersion = [] }) =>
      whenCallerVersion.filter((version) => !versionsOf(caller).includes(version)),
    );
    const shared = Object.keys(versioned?.shares ?? {});
    expect({ asked, shared: shared.toSorted() }).toEqual({
      asked: [],
      shared: versionsOf(versioned?.service ?? '').toSorted(),
    });
  });

  it('reads any answer without an exception, and recognises no page of another application', () => {
    const body = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '<html><title>Login</title></html>'));
    fc.assert(
      fc.property(body, fc.integer({ min: 100, max: 599 }), (text, status) => {
        const page = read({ status, body: text });
        expect(pageFactsSchema.parse(page)).toEqual(page);
        expect(page.whole).toBe(false);
      }),
    );
  });
});
