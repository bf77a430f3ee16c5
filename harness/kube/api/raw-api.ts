import {
  ApiException,
  type Configuration,
  createConfiguration,
  HttpMethod,
  type KubeConfig,
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
 * `timeoutSeconds` does nothing against a server that hangs, a signal does (docs/facts/kubernetes.md#timeouts). Answers
 * are plain JSON: of a list its object API keeps what an object has and drops `metadata.continue`, and with it all
 * pages but the first.
 */
export class RawApi {
  readonly #http: Configuration;
  readonly #config: KubeConfig;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;

  constructor(config: KubeConfig, server: string, timeoutMs: number, signal: AbortSignal) {
    this.#http = createConfiguration({ baseServer: new ServerConfiguration(server, {}) });
    this.#config = config;
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
  }

  /** Rejects with what client-node throws; see toKubeError(). */
  async request({ path, query = {}, body }: RawRequest): Promise<unknown> {
    const method = body === undefined ? HttpMethod.GET : HttpMethod.POST;
    const context = this.#http.baseServer.makeRequestContext(path, method);
    context.setHeaderParam('Accept', 'application/json');
    context.setHeaderParam('User-Agent', 'hopcheck');
    for (const [name, value] of Object.entries(query)) context.setQueryParam(name, value);
    if (body !== undefined) {
      context.setHeaderParam('Content-Type', 'application/json');
      context.setBody(JSON.stringify(body));
    }
    try {
      await this.#config.applySecurityAuthentication(context);
    } catch (cause) {
      throw new CredentialError('credentials', { cause });
    }
    context.setSignal(AbortSignal.any([this.#signal, AbortSignal.timeout(this.#timeoutMs)]));
    const response = await this.#http.httpApi.send(context).toPromise();
    const text = await response.body.text();
    const { httpStatusCode: status, headers } = response;
    if (status < 200 || status > 299) throw new ApiException(status, 'refused', text, headers);
    return JSON.parse(text);
  }
}
