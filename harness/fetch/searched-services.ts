import type { Application } from '../model/application.ts';
import { listedAs } from '../model/listed-services.ts';
import { withoutNamespace } from '../model/service-name.ts';

export interface SearchedServices {
  /** Full names, as the backend lists them. */
  readonly services: readonly string[];
  /** Services of the application that the backend does not list by any name that hopcheck knows. */
  readonly missing: readonly string[];
}

/**
 * Which services of the backend's list to search: the application's, each by every name it has there, and its gateway. A
 * gateway goes by another name in many meshes; where its name is not listed, every service whose name says gateway is
 * taken. Traces of another gateway are foreign traces, and are counted as such.
 */
export function searchedServices(
  listed: readonly string[],
  { gateway, services }: Pick<Application, 'gateway' | 'services'>,
  names: Readonly<Record<string, string>> = {},
): SearchedServices {
  const named = [gateway, ...services.map(({ name }) => name)].map((name) => ({
    name,
    listed: listedAs(listed, name, names),
  }));
  const hasGateway = named.some((one) => one.name === gateway && one.listed.length > 0);
  const gateways = hasGateway ? [] : listed.filter((name) => /gateway/i.test(withoutNamespace(name)));
  return {
    services: [...new Set([...gateways, ...named.flatMap((one) => one.listed)])],
    missing: named.flatMap((one) =>
      one.listed.length > 0 || (one.name === gateway && gateways.length > 0) ? [] : one.name,
    ),
  };
}
