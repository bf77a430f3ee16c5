import type { Sourced } from '../model/capture.ts';
import type { ConfigProblem } from './config-error.ts';

/** `--resolve`, taken apart. */
export interface Resolution {
  /** Lower case. */
  readonly host: string;
  readonly port: number;
  readonly address: string;
}

/** What to dial for this URL in place of its host; the last one that fits, as in curl. */
export function addressFor(url: URL, resolutions: readonly Resolution[]): string | undefined {
  return resolutions.findLast((resolution) => isFor(resolution, url))?.address;
}

/** One that is for neither URL would be passed over in silence. URLs found in a cluster are not known beforehand. */
export function resolutionProblems({ resolve, ingress, traces }: Given): ConfigProblem[] {
  if (resolve === undefined || ingress === undefined || traces === undefined) return [];
  if (ingress.source === 'discovered' || traces.source === 'discovered') return [];
  return resolve.value
    .filter((one) => !isFor(one, ingress.value) && !isFor(one, traces.value))
    .map(({ host, port, address }) => ({
      option: '--resolve',
      value: `${host}:${port}:${address}`,
      source: `${resolve.source} ${resolve.from}`,
      expected: 'the host and port of --ingress or of --traces before the address',
      example: `--resolve ${ingress.value.hostname}:${portOf(ingress.value)}:10.0.0.7`,
    }));
}

interface Given {
  readonly resolve?: Sourced<readonly Resolution[]>;
  readonly ingress?: Sourced<URL>;
  readonly traces?: Sourced<URL>;
}

function isFor({ host, port }: Resolution, url: URL): boolean {
  return host === url.hostname && port === portOf(url);
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
