import type { ConfigurationFact } from '../../harness/model/facts/configuration.ts';
import { plural } from '../../harness/model/numbers.ts';
import type { Texts } from './texts.ts';

export const CONFIGURATION_TEXTS: Texts<ConfigurationFact> = {
  'no-cluster-read': () => 'no cluster was read (--kube)',
  'nothing-read': () => 'nothing',
  'step-open': ({ title, detail }) => `${title}: ${detail}`,
  'cluster-read': ({ context, istio, dataPlane, done, steps }) =>
    [
      context,
      ...(istio === undefined ? [] : [`Istio ${istio}`]),
      ...(dataPlane === 'unknown' ? [] : [dataPlane === 'none' ? 'no sidecars' : dataPlane]),
      `${done} of ${plural(steps, 'step')}`,
    ].join(' · '),
};
