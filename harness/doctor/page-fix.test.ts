import { expect, it } from 'vitest';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { resolveSettings } from '../config/resolve.ts';
import { credentialsGiven, pageFix } from './page-fix.ts';

const withLogin = {
  ingress: { ...testSettings('http://a', 'http://b').ingress, headers: [['authorization', 'x']] as const },
};

it.each([
  [401, [], {}, 'give credentials: --ingress-header'],
  [401, [], withLogin, 'the credentials that were given are refused'],
  [403, [], {}, 'AuthorizationPolicy'],
  [
    302,
    [['location', 'https://me:pw@sso/login?token=canary']],
    {},
    'redirects to https://sso/login: check http or https',
  ],
  [302, [], {}, 'it redirects: check'],
  [503, [], {}, 'the pods and the Service of productpage'],
  [404, [], {}, 'Check the route (VirtualService or HTTPRoute) and the Host header: --host.'],
] as const)('a page answered %i with %j wants what fits it', (status, headers, different, expected) => {
  const settings = testSettings('http://a', 'http://b', different);
  const fix = pageFix({ status, headers }, settings, bookinfo.definition);
  expect(fix).toContain(expected);
  expect(fix).not.toMatch(/canary|pw/);
});

it('says which credentials were given, and from where, never what they are', () => {
  const given = (flags: object, env = {}) =>
    credentialsGiven(
      resolveSettings({ flags: { ingress: 'http://a', jaeger: 'http://b', ...flags }, env, readFile: () => '' }),
    );
  expect(given({})).toBe('');
  expect(given({ jaegerUser: 'ci' }, { HOPCHECK_JAEGER_PASSWORD: 'canary' })).toBe(
    ' (given: user ci from flag --jaeger-user, password from environment HOPCHECK_JAEGER_PASSWORD)',
  );
  expect(given({ jaeger: 'http://ci:canary@b' })).toBe(' (given: user and password in --jaeger)');
});
