import { expect, it } from 'vitest';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { resolveSettings } from '../config/resolve.ts';
import { credentialsGiven, pageFix } from './page-fix.ts';

const withLogin = {
  ingress: { ...testSettings('http://a', 'http://b').ingress, headers: [['authorization', 'x']] as const },
};

it.each([
  { status: 401, headers: [], different: {}, expected: 'give credentials: --ingress-header' },
  { status: 401, headers: [], different: withLogin, expected: 'the credentials that were given are refused' },
  { status: 403, headers: [], different: {}, expected: 'AuthorizationPolicy' },
  {
    status: 302,
    headers: [['location', 'https://me:pw@sso/login?token=canary']],
    different: {},
    expected: 'redirects to https://sso/login: check http or https',
  },
  { status: 302, headers: [], different: {}, expected: 'it redirects: check' },
  { status: 503, headers: [], different: {}, expected: 'the pods and the Service of productpage' },
  {
    status: 404,
    headers: [],
    different: {},
    expected: 'and the Host header that it asks for: --host.',
  },
] as const)(
  'pageFix advises for a page with status $status and headers $headers',
  ({ status, headers, different, expected }) => {
    const settings = testSettings('http://a', 'http://b', different);
    const fix = pageFix({ status, headers }, settings, bookinfo.definition);
    expect(fix).toContain(expected);
    expect(fix).not.toMatch(/canary|pw/);
  },
);

it('credentialsGiven names the credentials and their source, and never shows them', () => {
  const given = (flags: object, env = {}) =>
    credentialsGiven(
      resolveSettings({ flags: { ingress: 'http://a', jaeger: 'http://b', ...flags }, env, readFile: () => '' }),
    );
  expect(given({})).toBe('');
  expect(given({ tracesUser: 'ci' }, { HOPCHECK_TRACES_PASSWORD: 'canary' })).toBe(
    ' (given: user ci from flag --traces-user, password from environment HOPCHECK_TRACES_PASSWORD)',
  );
  expect(given({ jaeger: 'http://ci:canary@b' })).toBe(' (given: user and password in --traces)');
});
