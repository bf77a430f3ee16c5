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
    const short = name.split('.')[0] ?? name;
    const key = [name, short].find((candidate) => Object.hasOwn(services, candidate));
    const named = key === undefined ? short : services[key];
    if (named === service) exact.push(name);
    else if (key === undefined && short.replace(/-v\d+$/, '') === service) versions.push(name);
  }
  return [...exact, ...versions];
}
