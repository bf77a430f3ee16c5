import type { ConfigurationFact } from '../../harness/model/facts/configuration.ts';
import { plural } from '../../harness/model/numbers.ts';
import type { Texts } from './texts.ts';

export const CONFIGURATION_TEXTS: Texts<ConfigurationFact> = {
  'no-cluster-read': () => 'no cluster was read (--kube)',
  'nothing-read': () => 'nothing',
  'step-open': ({ title, detail }) => `${title}: ${detail}`,
  'page-served': ({ path }) => `${path} is served`,
  'no-request-sent': () => 'no request was sent',
  'requests-served': ({ requests, of }) => `${requests} of ${plural(of, 'request')}`,
  'request-status': ({ status }) => `status ${status}`,
  'find-route': ({ namespace, pod }) =>
    `kubectl get virtualservice,httproute,gateway -A; the gateway log says which route was taken: kubectl -n ${namespace} logs ${pod}`,
  'entry-known': ({ service }) => `${service} is known to the trace backend`,
  'requests-traced': ({ requests, of }) => `${requests} of ${plural(of, 'request')} traced`,
  'traced-under-other-ids': () => 'traced, under other ids than those sent',
  'cluster-read': ({ context, istio, dataPlane, done, steps }) =>
    [
      context,
      ...(istio === undefined ? [] : [`Istio ${istio}`]),
      ...(dataPlane === 'unknown' ? [] : [dataPlane === 'none' ? 'no sidecars' : dataPlane]),
      `${done} of ${plural(steps, 'step')}`,
    ].join(' · '),
};
