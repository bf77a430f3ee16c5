import type { Subject } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';

/** The label for every name that the application definition does not have. */
const OTHER = 'other';

/**
 * Distinguishes meshes on a host that exports several: the context of a run with --kube, whose port-forward has another
 * port each time; else host and port of the ingress. Undefined: imported traces, which name no mesh.
 */
export function meshOf({ cluster, target: { ingress } }: RunReport['run']): string | undefined {
  if (cluster !== undefined) return cluster.context;
  if (ingress === '') return undefined;
  return URL.canParse(ingress) ? new URL(ingress).host || ingress : ingress;
}

/**
 * Names that may be labels. Traces name services and versions as their senders like, and a label's every new value is a
 * series that stays: what the application definition and the expectations do not have is one value, `other`.
 */
export interface KnownNames {
  service(name: string): string;
  version(name: string): string;
}

export function knownNames({ hops, versions, detail }: RunReport): KnownNames {
  const application = detail?.application;
  const services = new Set([
    ...hops.flatMap(({ caller, callee }) => [caller, callee]),
    ...(application?.services ?? []).map(({ name }) => name),
    ...(versions === undefined ? [] : [versions.service]),
  ]);
  const expected = Object.entries(versions?.shares ?? {}).filter(([, share]) => share.expected !== undefined);
  const known = new Set([
    ...expected.map(([version]) => version),
    ...(application?.services ?? []).flatMap((service) => service.versions ?? []),
    ...Object.keys(application?.versioned?.shares ?? {}),
  ]);
  return {
    service: (name) => (services.has(name) ? name : OTHER),
    version: (name) => (known.has(name) ? name : OTHER),
  };
}

/** `reviews->ratings`, `reviews`, `mesh`, as --tolerate takes them. */
export function subjectLabel(subject: Subject, names: KnownNames): string {
  if (subject.kind === 'hop') return `${names.service(subject.caller)}->${names.service(subject.callee)}`;
  return subject.kind === 'service' ? names.service(subject.service) : subject.kind;
}

/** `v2,v3` of a service or a hop's caller, `v2,v3->v1` and `->v1` with those of its callee; empty: all of them. */
export function versionsLabel(subject: Subject, names: KnownNames): string {
  const list = (versions: readonly string[] | undefined) => [...new Set(versions?.map(names.version))].join(',');
  if (subject.kind === 'service') return list(subject.versions);
  if (subject.kind !== 'hop') return '';
  const callee = list(subject.calleeVersions);
  return `${list(subject.callerVersions)}${callee === '' ? '' : `->${callee}`}`;
}
