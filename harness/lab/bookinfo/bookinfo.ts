import type { LabApplication, LabWorkload } from '../lab.ts';
import { details, ratings } from './details.ts';
import type { PageEra } from './page.ts';
import { productpage } from './productpage.ts';
import { reviews } from './reviews.ts';

/** Bookinfo for the lab. @param replicas pods by workload (`reviews-v1: 2`); default 1. */
export function bookinfoApplication(
  options: { replicas?: Readonly<Record<string, number>>; era?: PageEra } = {},
): LabApplication {
  const workload = (service: string, version: string, app: LabWorkload['app']): LabWorkload => {
    const replicas = options.replicas?.[`${service}-${version}`];
    return { service, version, app, ...(replicas !== undefined && { replicas }) };
  };
  return {
    name: 'bookinfo',
    gateway: 'istio-ingressgateway',
    entry: 'productpage',
    path: '/productpage',
    workloads: [
      workload('productpage', 'v1', productpage(options.era)),
      workload('details', 'v1', details),
      workload('reviews', 'v1', reviews),
      workload('reviews', 'v2', reviews),
      workload('reviews', 'v3', reviews),
      workload('ratings', 'v1', ratings),
    ],
  };
}
