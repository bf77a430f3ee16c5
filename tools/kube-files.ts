import { globSync } from 'node:fs';
import { resolve } from 'node:path';

/** The test files of the project `kube`, relative to the root, in a fixed order: a part of the suite is some of them. */
export function kubeFiles(): readonly string[] {
  return filesOf('kube');
}

/** Those of the project `node`. */
export function nodeFiles(): readonly string[] {
  return filesOf('node');
}

function filesOf(project: string): readonly string[] {
  return globSync(`{harness,fixtures,deploy}/**/*.${project}.test.ts`, {
    cwd: resolve(import.meta.dirname, '..'),
  }).toSorted();
}
