import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { safeText } from '../../reports/characters/safe-text.ts';
import { isStream } from '../capture/atomic-write.ts';
import type { Io } from './io.ts';
import type { RunOutput } from './run-output.ts';

/** Where the files of a command are, the page first, one per line; nothing for devices, and for what was not written. */
export function writtenLines(
  { deliveries, newBaseline, capturePath }: Pick<RunOutput, 'deliveries' | 'newBaseline' | 'capturePath'>,
  { cwd }: Pick<Io, 'cwd'>,
): readonly string[] {
  const reports = deliveries.flatMap(({ format, path }) =>
    path === undefined ? [] : [{ what: `${format} report`, path }],
  );
  const files = [
    ...reports.toSorted((a, b) => Number(b.what.startsWith('html')) - Number(a.what.startsWith('html'))),
    ...(newBaseline === undefined ? [] : [{ what: 'baseline', path: newBaseline.path }]),
    ...(capturePath === undefined ? [] : [{ what: 'capture', path: capturePath }]),
  ];
  return files.flatMap(({ what, path }) =>
    !existsSync(path) || isStream(path) ? [] : [`${what}: ${safeText(shown(path, cwd), 500)}`],
  );
}

/** As it is seen from the working folder; from outside of it, absolute. */
function shown(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') ? path : near;
}
