import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Cluster } from '../fixtures/kube/cluster.ts';
import type { KubeObject } from '../fixtures/kube/object.ts';

export const DEPLOY = import.meta.dirname;
export const OVERLAYS = ['gate', 'smoke'] as const;
const SOURCES = ['base', 'overlays'];

/** What stands above a plain file: where it comes from, and of which sources. */
export function plainHeader(overlay: (typeof OVERLAYS)[number]): string {
  return [
    `# generated: kubectl kustomize deploy/overlays/${overlay}; edit there, then \`npm run test:kube -- -u deploy\``,
    `# from sources ${sourcesHash()}`,
    '',
  ].join('\n');
}

/** Of every file that the plain ones are made of, names included. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap((folder) => yamlFiles(join(DEPLOY, folder))).toSorted();
  for (const path of files) hash.update(`${relative(DEPLOY, path)}\n${readFileSync(path, 'utf8')}\n`);
  return hash.digest('hex').slice(0, 16);
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));
}

export const plainFile = (overlay: (typeof OVERLAYS)[number]) => join(DEPLOY, 'plain', `${overlay}.yaml`);

export function objectsIn(yaml: string): readonly KubeObject[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as KubeObject);
}

export function plainObjects(overlay: (typeof OVERLAYS)[number]): readonly KubeObject[] {
  return objectsIn(readFileSync(plainFile(overlay), 'utf8'));
}

/** The one of a kind. @throws when there is none, or are several. */
export function only(objects: readonly KubeObject[], kind: string, namespace = 'hopcheck'): KubeObject {
  const found = objects.filter((object) => object.kind === kind && object.metadata.namespace === namespace);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} × ${kind} in ${namespace}`);
  return first;
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
  readonly spec: {
    readonly containers: readonly { readonly args: readonly string[]; readonly [field: string]: unknown }[];
    readonly [field: string]: unknown;
  };
}

export interface JobSpec {
  readonly activeDeadlineSeconds: number;
  readonly template: PodTemplate;
  readonly [field: string]: unknown;
}

/** What the overlay runs, whether it is a Job or a CronJob. */
export function jobSpec(overlay: (typeof OVERLAYS)[number]): JobSpec {
  const objects = plainObjects(overlay);
  if (overlay === 'gate') return only(objects, 'Job').spec as JobSpec;
  return (only(objects, 'CronJob').spec as { jobTemplate: { spec: JobSpec } }).jobTemplate.spec;
}

/** Says that a pod has ended, as the kubelet would; `conditions` it has besides; null: ended by a signal. */
export function endPod(
  { client }: Cluster,
  pod: { readonly metadata: { readonly name: string } },
  exitCode: number | null,
  conditions?: readonly unknown[],
): Promise<unknown> {
  const state = { terminated: { exitCode } };
  const container = { name: 'hopcheck', image: 'hopcheck', imageID: '', ready: false, restartCount: 0, state };
  return client.call({
    method: 'PATCH',
    path: `/api/v1/namespaces/hopcheck/pods/${pod.metadata.name}/status`,
    contentType: 'application/merge-patch+json',
    body: {
      status: {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        ...(conditions !== undefined && { conditions }),
        containerStatuses: [container],
      },
    },
  });
}
