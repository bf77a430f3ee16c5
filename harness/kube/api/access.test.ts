import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../config/config-error.ts';
import { type AccessInput, readAccess } from './access.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-access-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function kubeconfig(name: string, contexts: readonly string[], more: object = {}): string {
  const path = join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: contexts.map((context) => ({ name: context, cluster: { server: `https://${context}.example:6443` } })),
    users: contexts.map((context) => ({ name: context, user: { token: 'canary-token' } })),
    contexts: contexts.map((context) => ({
      name: context,
      context: { cluster: context, user: context, namespace: `of-${context}` },
    })),
    'current-context': contexts[0],
    ...more,
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
function messageOf(input: AccessInput): string {
  try {
    readAccess(input);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('nothing was wrong');
}

describe('readAccess', () => {
  it('takes the given file, and its current context', () => {
    expect(readAccess({ kubeconfig: kubeconfig('a', ['one', 'two']), env: {} })).toMatchObject({
      context: 'one',
      server: 'https://one.example:6443',
      namespace: 'of-one',
      inside: false,
    });
  });

  it('takes another context by name, and lists the contexts where the name is wrong', () => {
    const path = kubeconfig('a', ['one', 'two']);
    expect(readAccess({ kubeconfig: path, context: 'two', env: {} }).server).toBe('https://two.example:6443');
    expect(messageOf({ kubeconfig: path, context: 'three', env: {} })).toBe(
      '--kube-context "three": expected a context of the kubeconfig: one, two, e.g. --kube-context kind-demo',
    );
  });

  it('reads KUBECONFIG as a list, in which the first file to name a thing wins', () => {
    const env = { KUBECONFIG: [kubeconfig('a', ['one']), kubeconfig('b', ['one', 'two'])].join(delimiter) };
    expect(readAccess({ env }).context).toBe('one');
    expect(readAccess({ env, context: 'two' }).namespace).toBe('of-two');
  });

  it('reads the kubeconfig in the home folder', () => {
    mkdirSync(join(folder, '.kube'));
    kubeconfig('.kube/config', ['home']);
    expect(readAccess({ env: { HOME: folder } }).context).toBe('home');
  });

  it("takes the pod's service account where there is no kubeconfig", () => {
    const account = join(folder, 'account');
    mkdirSync(account);
    writeFileSync(join(account, 'token'), 'canary-token');
    writeFileSync(join(account, 'ca.crt'), '');
    writeFileSync(join(account, 'namespace'), 'apps\n');
    const env = { HOME: folder, KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    expect(readAccess({ env, serviceAccountFolder: account })).toMatchObject({
      context: 'in-cluster',
      server: 'https://[fd00::1]:443',
      inside: true,
      namespace: 'apps',
    });
    expect(readAccess({ env, serviceAccountFolder: account, kubeconfig: kubeconfig('a', ['one']) }).inside).toBe(false);
  });

  it('names the places it looked at where it finds nothing', () => {
    expect(messageOf({ env: { HOME: folder } })).toBe(
      '--kubeconfig: expected a kubeconfig: there is none in KUBECONFIG or the home folder, and this is not a pod with a service account, e.g. --kubeconfig ~/.kube/config',
    );
  });

  it('names the problem of a file, and shows nothing of its content', () => {
    expect(messageOf({ kubeconfig: join(folder, 'none'), env: {} })).toContain('can be read (ENOENT)');
    const broken = join(folder, 'broken');
    writeFileSync(broken, 'users:\n- name: x\n  user: {token: canary-token\nclusters: []\n');
    expect(messageOf({ kubeconfig: broken, env: {} })).toMatch(/its YAML breaks at line \d+/);
    expect(messageOf({ kubeconfig: broken, env: {} })).not.toContain('canary');
    writeFileSync(broken, 'canary-token');
    expect(messageOf({ kubeconfig: broken, env: {} })).not.toContain('canary-token"');
    const homeless = kubeconfig('c', ['one'], { users: [] });
    expect(messageOf({ kubeconfig: homeless, env: {} })).toContain('a context with a cluster and a user');
  });
});
