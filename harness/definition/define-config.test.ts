import { expect, it } from 'vitest';
import { defineApplication, defineConfig } from './define-config.ts';
import { readDefinition } from './read-definition.ts';

const application = defineApplication({
  version: 1,
  name: 'store',
  requests: { home: { get: '/', answer: { read: ({ status }) => ({ whole: status === 200, banners: [] }) } } },
  calls: { front: ['stock', { to: 'orders', attempts: 2 }] },
});

it('gives a configuration and an application their types, and changes neither', () => {
  const config = defineConfig({ ingress: 'http://127.0.0.1:8080', shareTolerance: 5, application });
  expect(config.application).toBe(application);
  expect(readDefinition(application, { from: 'code' }, {}).requests.home?.answer?.read).toBeTypeOf('function');
});

it('lets no misspelt key pass', () => {
  // @ts-expect-error the key is `ingress`
  expect(defineConfig({ ingres: 'http://127.0.0.1:8080' })).toBeDefined();
  // @ts-expect-error the key is `calls`
  expect(() => readDefinition(defineApplication({ ...application, call: {} }), { from: 'code' }, {})).toThrow('calls');
});
