import { expect, it } from 'vitest';
import { resolveSettings } from './resolve.ts';

const ingressOf = (ingress: string, page?: string) =>
  resolveSettings({
    flags: { ingress, jaeger: 'http://j/jaeger' },
    env: {},
    readFile: () => '',
    ...(page !== undefined && { page }),
  });

it.each(['http://h:8080', 'http://h:8080/', 'http://h:8080/front', 'http://h:8080/front/'])(
  '%s becomes the URL that requests are sent to, and is shown that way',
  (given) => {
    const { ingress, configuration } = ingressOf(given, '/front');
    expect(ingress.url.href).toBe('http://h:8080/');
    expect(configuration.find(({ name }) => name === 'ingress')?.value).toBe('http://h:8080/');
  },
);

it('refuses a path that would be dropped, and shows no password', () => {
  expect(() => ingressOf('http://me:canary@h:8080/shop', '/front')).toThrow(
    '--ingress "http://h:8080/shop" (from flag --ingress): expected an http or https URL without path, query and fragment, because hopcheck asks there for /front, e.g. --ingress http://h:8080',
  );
  expect(() => ingressOf('http://h/front')).toThrow('without path');
});
