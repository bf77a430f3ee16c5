import type { ReadableApplication } from '../model/application.ts';
import { readBookinfoPage } from './bookinfo-page.ts';

/**
 * Bookinfo, as data: what the specs hold the mesh to. productpage asks details once, and reviews twice when the first
 * try fails; only reviews v2 and v3 ask ratings, and v2 waits longest, 10 s (docs/facts/bookinfo.md#productpage,
 * #reviews). Nobody has configured the shares of the three versions, so equal ones are assumed.
 */
export const bookinfo: ReadableApplication = {
  definition: {
    name: 'bookinfo',
    request: { method: 'GET', path: '/productpage' },
    gateway: 'istio-ingressgateway',
    entry: 'productpage',
    services: [
      { name: 'productpage' },
      { name: 'details' },
      { name: 'reviews', versions: ['v1', 'v2', 'v3'] },
      { name: 'ratings' },
    ],
    calls: [
      { caller: 'productpage', callee: 'details' },
      { caller: 'productpage', callee: 'reviews', attempts: 2 },
      { caller: 'reviews', callee: 'ratings', whenCallerVersion: ['v2', 'v3'] },
    ],
    versioned: { service: 'reviews', shares: { v1: 1, v2: 1, v3: 1 } },
    longestUpstreamTimeoutMs: 10_000,
    // In the folder of the Istio release (docs/facts/bookinfo.md#manifests).
    install: {
      workloads: 'kubectl apply -f samples/bookinfo/platform/kube/bookinfo.yaml',
      routes: 'kubectl apply -f samples/bookinfo/networking/bookinfo-gateway.yaml',
    },
  },
  read: readBookinfoPage,
};
