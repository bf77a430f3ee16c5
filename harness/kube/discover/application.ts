import type { Application } from '../../model/application.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { type Choice, choose } from './choice.ts';

/** The namespace with the application's entry Service. */
export function findApplication(
  { services }: Pick<ClusterObjects, 'services'>,
  application: Application,
  pick?: string,
): Choice<string> {
  const names = application.services.map(({ name }) => name);
  const candidates = services
    .filter(({ metadata }) => metadata.name === application.entry)
    .map(({ metadata: { namespace } }) => {
      const here = services.filter(({ metadata }) => metadata.namespace === namespace && names.includes(metadata.name));
      const why = `Service ${application.entry} and ${here.length - 1} of its ${names.length - 1} others are in namespace ${namespace}`;
      return { id: namespace, flag: '--kube-app', value: namespace, why };
    });
  return choose(candidates, `no Service ${application.entry}`, pick);
}
