import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The one object of a manifest in this folder, as a host reads it. */
export function hostObject<T>(path: string): T {
  const documents = parseAllDocuments(readFileSync(join(import.meta.dirname, path), 'utf8'));
  const [document] = documents;
  if (document === undefined || documents.length > 1) throw new Error(`${path}: expected one object`);
  return document.toJS() as T;
}

/** A container of a Job or a check, as far as its contract goes. */
export interface HostPod {
  readonly restartPolicy: string;
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly terminationMessagePath?: string;
    readonly terminationMessagePolicy?: string;
    readonly securityContext: unknown;
  }[];
}

export interface HostJob {
  readonly backoffLimit: number;
  readonly activeDeadlineSeconds: number;
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: HostPod;
  };
}

/** What a host has of a web request: the address in the manifest leads to the watch of the test. */
export type Call = (url: string, init?: RequestInit) => Promise<Response>;
