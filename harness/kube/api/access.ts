import { accessSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ConfigError } from '../../config/config-error.ts';

/** Where a pod finds its service account (Kubernetes, "Accessing the API from within a Pod"). */
const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface AccessInput {
  /** `--kubeconfig`; absent: KUBECONFIG, else the one in the home folder, else the pod's service account. */
  readonly kubeconfig?: string;
  /** `--kube-context`; absent: the current one. */
  readonly context?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For tests. */
  readonly serviceAccountFolder?: string;
}

/** How to talk to one cluster, as one user. */
export interface KubeAccess {
  readonly config: KubeConfig;
  readonly context: string;
  /** The API server's URL. */
  readonly server: string;
  /** Running in a pod of the cluster, with its service account: Services can be dialled directly. */
  readonly inside: boolean;
  /** The context's namespace, or the pod's. */
  readonly namespace: string;
}

/**
 * Reads the access; no call is made.
 * @throws ConfigError where there is none, or none of that name. Nothing that a kubeconfig holds is in its message.
 */
export function readAccess(input: AccessInput): KubeAccess {
  const files = kubeconfigFiles(input);
  const inside = files.length === 0;
  const config = inside
    ? inCluster(input)
    : fromFiles(files, input.kubeconfig === undefined ? 'KUBECONFIG' : '--kubeconfig');
  if (input.context !== undefined) {
    if (config.getContextObject(input.context) === null)
      throw wrong('--kube-context', input.context, `a context of the kubeconfig: ${names(config) || 'it has none'}`);
    config.setCurrentContext(input.context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null || config.getCurrentUser() === null)
    throw wrong(
      '--kube-context',
      config.getCurrentContext(),
      `a context with a cluster and a user; there are: ${names(config)}`,
    );
  return {
    config,
    context: config.getCurrentContext(),
    server: withoutUserinfo(cluster.server),
    inside,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
  };
}

function kubeconfigFiles({ kubeconfig, env }: AccessInput): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  if (env.KUBECONFIG) return env.KUBECONFIG.split(delimiter).filter((path) => path !== '');
  const own = join(env.HOME ?? homedir(), '.kube', 'config');
  return exists(own) ? [own] : [];
}

/** Several files are one: the first to name a thing wins, as in kubectl. */
function fromFiles(files: readonly string[], option: string): KubeConfig {
  const [first, ...others] = files.map((path) => load(path, option));
  if (first === undefined) throw wrong(option, '', 'a kubeconfig file');
  for (const other of others) {
    first.clusters = [...first.clusters, ...other.clusters.filter(({ name }) => first.getCluster(name) === null)];
    first.users = [...first.users, ...other.users.filter(({ name }) => first.getUser(name) === null)];
    first.contexts = [...first.contexts, ...other.contexts.filter(({ name }) => first.getContextObject(name) === null)];
    if (!first.currentContext) first.setCurrentContext(other.currentContext);
  }
  return first;
}

function load(path: string, option: string): KubeConfig {
  const config = new KubeConfig();
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(option, path, `a kubeconfig file that can be read (${codeOf(error)})`);
  }
  try {
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(path));
  } catch (error) {
    throw wrong(option, path, `a kubeconfig file (${placeOf(error)})`);
  }
  return config;
}

function inCluster({ env, serviceAccountFolder = SERVICE_ACCOUNT_FOLDER }: AccessInput): KubeConfig {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  const tokenFile = join(serviceAccountFolder, 'token');
  if (!host || !port || !exists(tokenFile))
    throw new ConfigError([
      {
        option: '--kubeconfig',
        expected:
          'a kubeconfig: there is none in KUBECONFIG or the home folder, and this is not a pod with a service account',
        example: '--kubeconfig ~/.kube/config',
      },
    ]);
  const namespaceFile = join(serviceAccountFolder, 'namespace');
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'in-cluster',
        server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
        caFile: join(serviceAccountFolder, 'ca.crt'),
        skipTLSVerify: false,
      },
    ],
    // The file, not its content: the kubelet renews the token while a run goes on.
    users: [{ name: 'service-account', authProvider: { name: 'tokenFile', config: { tokenFile } } }],
    contexts: [
      {
        name: 'in-cluster',
        cluster: 'in-cluster',
        user: 'service-account',
        ...(exists(namespaceFile) && { namespace: readFileSync(namespaceFile, 'utf8').trim() }),
      },
    ],
    currentContext: 'in-cluster',
  });
  return config;
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

function names(config: KubeConfig): string {
  return config.contexts.map(({ name }) => name).join(', ');
}

function wrong(option: string, value: string, expected: string): ConfigError {
  const example = option === '--kube-context' ? '--kube-context kind-demo' : '--kubeconfig ~/.kube/config';
  return new ConfigError([{ option, value, expected, example }]);
}

/** The parser's message quotes the lines around, and those may hold a token. */
function placeOf(error: unknown): string {
  const line =
    typeof error === 'object' && error !== null && 'mark' in error
      ? (error.mark as { line?: unknown } | null)?.line
      : undefined;
  return typeof line === 'number' ? `its YAML breaks at line ${line + 1}` : 'this one cannot be parsed';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'it cannot';
}

function withoutUserinfo(server: string): string {
  return server.replace(/\/\/[^/@]*@/, '//');
}
