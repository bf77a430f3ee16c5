/** One thing that RBAC permits or refuses. */
export interface Right {
  readonly verb: 'get' | 'list' | 'create';
  /** API group; '' is the core one. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent: in all namespaces. */
  readonly namespace?: string;
  /** Only this object. */
  readonly name?: string;
}

/** `list services in all namespaces`, `create pods/portforward in namespace istio-system`. */
export function rightInWords({ verb, resource, subresource, namespace, name, group }: Right): string {
  const what = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
  const which = name === undefined ? '' : ` ${name}`;
  return `${verb} ${what}${which} in ${namespace === undefined ? 'all namespaces' : `namespace ${namespace}`}`;
}

/**
 * The smallest Roles, as YAML, that grant these rights: one for each namespace, and a ClusterRole for what is asked in all
 * of them. Rules of one group and one set of verbs are joined.
 */
export function roleFor(rights: readonly Right[]): string {
  const byNamespace = Map.groupBy(rights, ({ namespace }) => namespace ?? '');
  return [...byNamespace]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, some]) => roleYaml(namespace, some))
    .join('---\n');
}

function roleYaml(namespace: string, rights: readonly Right[]): string {
  const kind = namespace === '' ? 'ClusterRole' : 'Role';
  const rules = rulesOf(rights).map(({ group, resources, names, verbs }) =>
    [
      `  - apiGroups: ["${group}"]`,
      `    resources: [${quoted(resources)}]`,
      ...(names.length > 0 ? [`    resourceNames: [${quoted(names)}]`] : []),
      `    verbs: [${quoted(verbs)}]`,
    ].join('\n'),
  );
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${kind}`,
    namespace === '' ? 'metadata: { name: hopcheck }' : `metadata: { name: hopcheck, namespace: ${namespace} }`,
    'rules:',
    ...rules,
    '',
  ].join('\n');
}

interface Rule {
  readonly group: string;
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

function rulesOf(rights: readonly Right[]): Rule[] {
  const byResource = Map.groupBy(
    rights,
    ({ group, resource, subresource, name }) =>
      `${group}|${resource}${subresource === undefined ? '' : `/${subresource}`}|${name ?? ''}`,
  );
  const single = [...byResource].map(([key, some]) => {
    const [group = '', resource = '', name = ''] = key.split('|');
    return { group, resource, name, verbs: unique(some.map(({ verb }) => verb)) };
  });
  const joined = Map.groupBy(
    single,
    ({ group, name, verbs }) => `${group}|${verbs.join(',')}|${name === '' ? '' : 'named'}`,
  );
  return [...joined.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    // Names of one resource must not permit those of another.
    const apart = first.name === '' ? [some] : [...Map.groupBy(some, ({ resource }) => resource).values()];
    return apart.map((rows) => ({
      group: first.group,
      resources: unique(rows.map(({ resource }) => resource)),
      names: unique(rows.map(({ name }) => name).filter((name) => name !== '')),
      verbs: first.verbs,
    }));
  });
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(', ');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}
