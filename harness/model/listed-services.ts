import { configuredName, shortServiceName, withoutNamespace } from './service-name.ts';

/**
 * The names in a backend's list of services that mean this service of the application, exact ones first. In the order
 * of identify(): the configuration's word, for the full name or the short one; else the short name; else that without
 * a version, because Istio's semantic conventions name a service by its workload (`front-v1`).
 * @param listed full names, as the backend knows them.
 * @param services the configuration's names: as reported → short name of the application.
 */
export function listedAs(
  listed: readonly string[],
  service: string,
  services: Readonly<Record<string, string>> = {},
): readonly string[] {
  const exact: string[] = [];
  const versions: string[] = [];
  for (const name of listed) {
    if (shortServiceName(name, services) === service) exact.push(name);
    else if (configuredName(name, services) === undefined && withoutNamespace(name).replace(/-v\d+$/, '') === service)
      versions.push(name);
  }
  return [...exact, ...versions];
}
