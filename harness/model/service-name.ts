/** Names that an SDK writes where it has no service name; they name no service. */
const PLACEHOLDERS = new Set(['', 'missing-service-name', 'empty-service-name', 'OTLPResourceNoServiceName']);

/**
 * The short name of a service, as in the application definition, of a name as spans or the backend have it
 * (docs/architecture.md#service-identity): the configuration's name for the full name, else its name for the short one,
 * else the short one. Every look-up of a service by its reported name goes through here.
 * undefined: a placeholder, which names no service.
 * @param reported `front.shop`, `front`.
 * @param services the configuration's names: as reported, full or short → short name of the application.
 */
export function shortServiceName(reported: string, services: Readonly<Record<string, string>>): string | undefined {
  const configured = configuredName(reported, services);
  return configured ?? (isPlaceholder(reported) ? undefined : withoutNamespace(reported));
}

/** The configuration's name for a service, by its full name or its short one; undefined: it has none. */
export function configuredName(reported: string, services: Readonly<Record<string, string>>): string | undefined {
  const key = [reported, withoutNamespace(reported)].find((candidate) => Object.hasOwn(services, candidate));
  return key === undefined ? undefined : services[key];
}

/** `front` of `front.shop`. */
export function withoutNamespace(reported: string): string {
  return reported.split('.')[0] ?? reported;
}

/** `shop` of `front.shop`; undefined: the name has no namespace. */
export function namespaceOf(reported: string): string | undefined {
  const at = reported.indexOf('.');
  return at < 0 ? undefined : reported.slice(at + 1);
}

function isPlaceholder(reported: string): boolean {
  return PLACEHOLDERS.has(reported) || reported.startsWith('unknown_service');
}
