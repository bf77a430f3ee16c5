import {
  createConfiguration,
  HttpMethod,
  type KubeConfig,
  KubernetesObjectApi,
  ServerConfiguration,
} from '@kubernetes/client-node';
import { CredentialError } from './kube-error.ts';

export interface RawRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly body?: unknown;
}

/**
 * client-node's authentication and transport for any path of the API, with a timeout for each call: its own
 * `timeoutSeconds` does nothing against a server that hangs, a signal set by a middleware does (facts/kubernetes.md).
 */
export class RawApi extends KubernetesObjectApi {
  constructor(config: KubeConfig, server: string, timeoutMs: number, signal: AbortSignal) {
    super(
      createConfiguration({
        baseServer: new ServerConfiguration(server, {}),
        authMethods: {
          default: {
            getName: () => config.getName(),
            applySecurityAuthentication: async (context) => {
              try {
                await config.applySecurityAuthentication(context);
              } catch (cause) {
                throw new CredentialError('credentials', { cause });
              }
            },
          },
        },
        promiseMiddleware: [
          {
            pre: async (context) => {
              context.setSignal(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
              return context;
            },
            post: async (response) => response,
          },
        ],
      }),
    );
  }

  /** Rejects with what client-node throws; see toKubeError(). */
  async request({ path, query = {}, body }: RawRequest): Promise<unknown> {
    const method = body === undefined ? HttpMethod.GET : HttpMethod.POST;
    const context = this.configuration.baseServer.makeRequestContext(path, method);
    context.setHeaderParam('Accept', 'application/json');
    context.setHeaderParam('User-Agent', 'hopcheck');
    for (const [name, value] of Object.entries(query)) context.setQueryParam(name, value);
    if (body !== undefined) {
      context.setHeaderParam('Content-Type', 'application/json');
      context.setBody(JSON.stringify(body));
    }
    return this.requestPromise(context, 'any');
  }
}
