import { ConfigError } from '../../config/config-error.ts';
import type { KubeReader } from '../api/reader.ts';
import type { DiscoveredOptions } from './discovered.ts';

export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The trace backend's credentials from a Secret: `username` and `password` (kubernetes.io/basic-auth), or `token`. The
 * values are handled like those of a secret option, and shown nowhere.
 * @throws ConfigError, KubeError
 */
export async function backendAuth(reader: KubeReader, { namespace, name }: SecretName): Promise<DiscoveredOptions> {
  const secret = await reader.get('secrets', namespace, name);
  const from = `Secret ${namespace}/${name}`;
  const read = (key: string) => {
    const value = secret?.data[key];
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8').trim();
  };
  const [user, password, token] = [read('username'), read('password'), read('token')];
  if (user !== undefined && password !== undefined)
    return { 'traces-user': { value: user, from }, 'traces-password': { value: password, from } };
  if (token !== undefined) return { 'traces-token': { value: token, from } };
  throw new ConfigError([
    {
      option: '--kube-traces-secret',
      value: `${namespace}/${name}`,
      expected:
        secret === undefined ? 'a Secret that exists' : 'a Secret with the keys username and password, or token',
      example: '--kube-traces-secret istio-system/jaeger-login',
    },
  ]);
}
