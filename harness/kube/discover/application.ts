import type { Application } from '../../model/application.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { type Choice, choose } from './choice.ts';
import { routedEntries, UNKNOWN_ENTRY } from './routed-entry.ts';

/** The namespace of the Service that a gateway's route leads the request to. */
function findRouted(
  { services, virtualServices = [], httpRoutes = [] }: Parameters<typeof findApplication>[0],
  { request: { path } }: Application,
  pick: string | undefined,
): Choice<string> {
  const entries = routedEntries({ services, virtualServices, httpRoutes }, path);
  const namespaces = [...new Map(entries.map((entry) => [entry.namespace, entry])).values()];
  const candidates = namespaces.map(({ name, namespace, route }) => {
    const why = `${route} leads ${path} to Service ${name} in namespace ${namespace}`;
    return { id: namespace, flag: '--kube-app', value: namespace, why };
  });
  return choose(candidates, `no route of a gateway that leads ${path} to a Service`, pick);
}

/** The namespace with the application's entry Service. */
export function findApplication(
  objects: Pick<ClusterObjects, 'services'> & Partial<Pick<ClusterObjects, 'virtualServices' | 'httpRoutes'>>,
  application: Application,
  pick?: string,
): Choice<string> {
  if (application.entry === UNKNOWN_ENTRY) return findRouted(objects, application, pick);
  const { services } = objects;
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
