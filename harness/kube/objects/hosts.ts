/** `ns/name` or `name`, which is in the namespace of the object that names it. */
export function qualified(reference: string, namespace: string): string {
  return reference.includes('/') ? reference : `${namespace}/${reference}`;
}

/**
 * A destination's host is this Service: its short name is in the namespace of the rule that names it, its full name says
 * (Istio, VirtualService `Destination.host`). The cluster's domain is not known here and not compared.
 */
export function isService(host: string, ruleNamespace: string, name: string, namespace: string): boolean {
  const [short, inNamespace, svc] = host.split('.');
  if (short !== name) return false;
  if (inNamespace === undefined) return ruleNamespace === namespace;
  return inNamespace === namespace && (svc === undefined || svc === 'svc');
}

/** A pattern of hosts (`*`, `*.shop.example`, `shop.example`) covers a host. */
export function covers(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true;
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1;
}

/** The patterns that both sides accept: the narrower of each pair that overlap. */
export function common(some: readonly string[], others: readonly string[]): string[] {
  const pairs = some.flatMap((a) => others.map((b) => (covers(a, b) ? b : covers(b, a) ? a : undefined)));
  return [...new Set(pairs.filter((pattern) => pattern !== undefined))];
}

/** Gateway servers name hosts with or without the namespaces they are for: `istio-apps/*.shop.example`. */
export function withoutNamespace(host: string): string {
  return host.slice(host.indexOf('/') + 1);
}

/** The rule is seen in this namespace (`exportTo`; `.` is its own). */
export function isExportedTo(exportTo: readonly string[], ownNamespace: string, namespace: string): boolean {
  return exportTo.length === 0 || exportTo.some((to) => to === '*' || (to === '.' ? ownNamespace : to) === namespace);
}
