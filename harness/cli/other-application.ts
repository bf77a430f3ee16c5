import type { ReadableApplication } from '../model/application.ts';
import type { JudgedRun } from '../model/report.ts';

/**
 * What to try where no answer was of the application, and no definition names another one: the mesh may have an application
 * that hopcheck does not know yet. Nothing where a definition was given, or where one answer was whole.
 */
export function otherApplicationLines(
  { promises }: Pick<JudgedRun, 'promises'>,
  { definition: { name, request, from } }: ReadableApplication,
  called: string,
): readonly string[] {
  if (from !== undefined) return [];
  const observed = promises.find(({ id }) => id === 'ingress')?.facts.observed;
  const wasSeen = observed?.kind === 'whole-pages' && observed.whole > 0;
  const wasAsked = observed?.kind === 'whole-pages' && observed.of > 0;
  const wasStopped = promises.some(({ findings }) => findings.some(({ code }) => code === 'HC709'));
  if (wasSeen || !(wasAsked || wasStopped)) return [];
  return [
    `no answer was a page of ${name} (${request.path}), which is checked where no file describes another application`,
    `to check your own application, learn it from this mesh: ${called} learn --name NAME --get PATH, and the options of this run`,
    `then: ${called} run --application NAME.yaml (docs/guides/your-own-application.md)`,
  ];
}
