import type { Application } from '../../model/application.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { askedRequests } from './asked-requests.ts';
import { type Choice, choose } from './choice.ts';
import { routedEntries, UNKNOWN_ENTRY } from './routed-entry.ts';

/** The namespace of the Services that a gateway's routes lead all requests to. */
function findRouted(
  { services, virtualServices = [], httpRoutes = [] }: Parameters<typeof findApplication>[0],
  application: Application,
  pick: string | undefined,
): Choice<string> {
  const asked = askedRequests(application);
  const entries = asked.map((request) => routedEntries({ services, virtualServices, httpRoutes }, request));
  const [first = [], ...others] = entries;
  const own = first.filter(({ namespace }) => others.every((some) => some.some((one) => one.namespace === namespace)));
  const namespaces = [...new Map(own.map((entry) => [entry.namespace, entry])).values()];
  const path = asked[0]?.path ?? '';
  const candidates = namespaces.map(({ name, namespace, route }) => {
    const why = `${route} leads ${path} to Service ${name} in namespace ${namespace}`;
    return { id: namespace, flag: '--kube-app', value: namespace, why };
  });
  const unrouted = asked.find((_, at) => entries[at]?.length === 0);
  const looked =
    unrouted === undefined
      ? `no namespace to which routes of a gateway lead all of ${asked.map((request) => request.path).join(', ')}`
      : `no route of a gateway that leads ${unrouted.path} to a Service`;
  return choose(candidates, looked, pick);
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
