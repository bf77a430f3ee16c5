import { type Right, roleFor } from './rights.ts';

export type KubeFailure =
  | 'unreachable'
  | 'timeout'
  | 'certificate'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'expired'
  | 'throttled'
  | 'server'
  | 'misfit'
  | 'credentials'
  | 'other';

/**
 * A failed call of the Kubernetes API. The message is one clear line, made from the parts that matter:
 * client-node's own `message` holds the whole body and headers, and is never shown (docs/facts/kubernetes.md#errors).
 */
export class KubeError extends Error {
  override readonly name = 'KubeError' as const;
  readonly kind: KubeFailure;
  /** What to do. */
  readonly hint: string;
  constructor(kind: KubeFailure, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
    this.hint = hint;
  }
}

/** An exec plugin failed, or a file that the kubeconfig names cannot be read: `cause` says why. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError' as const;
}

/** What a call was for: `list services in all namespaces`. */
export interface Doing {
  readonly what: string;
  /** Absent: every account may make the call. */
  readonly right?: Right;
}

/** @param server the API server's URL, for the message. */
export function toKubeError(error: unknown, doing: Doing, server: string): KubeError {
  if (error instanceof KubeError) return error;
  const status = statusOf(error);
  if (status !== undefined) return fromStatus(status, error, doing, server);
  const code = codeOf(error);
  const say = (kind: KubeFailure, text: string, hint: string) =>
    new KubeError(kind, `cannot ${doing.what}: the API server at ${server} ${text}`, hint, { cause: error });
  if (isTimeout(error))
    return say('timeout', 'did not answer in time', 'check the network, or give it more time: --kube-timeout 30s');
  if (/CERT|SELF_SIGNED|SIGNATURE|ISSUER|ALTNAME|ERR_TLS|ERR_SSL|EPROTO/.test(code))
    return say(
      'certificate',
      `has a certificate that is not trusted (${code})`,
      "check certificate-authority in the kubeconfig, or the server's name in it (tls-server-name)",
    );
  if (NETWORK.has(code))
    return say(
      'unreachable',
      `cannot be reached (${code})`,
      'check the server in the kubeconfig, VPN and proxy: kubectl version',
    );
  if (error instanceof CredentialError)
    return new KubeError(
      'credentials',
      `cannot ${doing.what}: the kubeconfig's credentials cannot be used (${oneLine(error.cause)})`,
      'run the same with kubectl to see more: kubectl auth whoami',
      { cause: error },
    );
  if (error instanceof SyntaxError)
    return new KubeError('misfit', `cannot ${doing.what}: its answer is not what the API describes (no JSON)`, NO_API);
  return say('other', `could not be asked (${code || oneLine(error)})`, 'try the same with kubectl');
}

export const NO_API = 'is the server in the kubeconfig a Kubernetes API server?';

const NETWORK: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function fromStatus(status: number, error: unknown, doing: Doing, server: string): KubeError {
  const said = statusMessage(error);
  const say = (kind: KubeFailure, text: string, hint: string) =>
    new KubeError(kind, `cannot ${doing.what}: ${text}`, hint, { cause: error });
  switch (status) {
    case 401:
      return say(
        'unauthenticated',
        `the API server at ${server} does not accept the credentials (401): they are wrong, or have expired`,
        'log in to the cluster again; check with kubectl auth whoami',
      );
    case 403:
      return say(
        'forbidden',
        `not permitted (403)${doing.right === undefined ? `: ${said}` : ''}`,
        doing.right === undefined
          ? 'ask for that right'
          : `apply this, with the subject that hopcheck runs as:\n${roleFor([doing.right])}`,
      );
    case 404:
      return say('not-found', 'there is none (404)', `check the name and the namespace (${said})`);
    case 410:
      return say('expired', 'the list changed while it was read (410)', 'try again');
    case 429:
      return say('throttled', 'the API server asks for fewer calls (429)', 'try again later');
    default:
      return status >= 500
        ? say(
            'server',
            `the API server at ${server} answered ${status}: ${said}`,
            'try again; look at its health: kubectl get --raw /readyz',
          )
        : say('other', `the API server answered ${status}: ${said}`, 'try the same with kubectl');
  }
}

/** client-node's ApiException has a numeric `code`; network errors have text there. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  // A DOMException has a number there too, which is not a status.
  return typeof error.code === 'number' && error.code >= 100 ? error.code : undefined;
}

/** `message` of the Status object in the body, which for some statuses is text (docs/facts/kubernetes.md#errors). */
function statusMessage(error: unknown): string {
  const body = typeof error === 'object' && error !== null && 'body' in error ? error.body : undefined;
  const status = typeof body === 'string' ? parsed(body) : body;
  if (typeof status === 'object' && status !== null && 'message' in status && typeof status.message === 'string')
    return cut(status.message);
  return typeof body === 'string' && body.trim() !== '' ? cut(body) : 'no message';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The innermost code: fetch wraps a system error, and that one several addresses' errors. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (typeof error !== 'object' || error === null) return '';
  if ('cause' in error && error.cause !== undefined) {
    const inner = codeOf(error.cause);
    if (inner !== '') return inner;
  }
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error) && !(error instanceof DOMException)) return false;
  return error.name === 'TimeoutError' || (error.cause !== undefined && isTimeout(error.cause));
}

/** A SyntaxError quotes what it could not parse: an exec plugin's output, with a token in it. */
function oneLine(error: unknown): string {
  if (error instanceof SyntaxError) return 'output that is not JSON';
  return cut(error instanceof Error ? error.message : String(error));
}

function cut(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, 200);
}
