import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { isStream } from '../capture/atomic-write.ts';
import { linkTarget } from '../capture/link-target.ts';
import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import type { OptionName } from '../config/options.ts';
import { resolveOptions } from '../config/resolve.ts';

/** A file that a command reads. */
export interface ReadPlace {
  /** Absolute. */
  readonly path: string;
  /** `--baseline` */
  readonly what: string;
}

/** A file that a command writes. */
export interface WrittenPlace extends ReadPlace {
  /** `--report` */
  readonly option: string;
  /** As given. */
  readonly value: string;
  readonly example: string;
  /** Of a report. */
  readonly format?: string;
}

/** Options that name a file to read. */
const FILES = [
  ...(['baseline', 'ingress-ca', 'ingress-cert', 'ingress-key', 'traces-ca'] as const),
  'kubeconfig',
] satisfies readonly OptionName[];

/** What the configuration reads, itself among it. Wrong options are reported elsewhere. */
export function filesRead(input: ConfigInput, cwd: string): readonly ReadPlace[] {
  const { parsed } = resolveOptions(input, [...FILES, 'kube']);
  const given = FILES.flatMap((name) => {
    const value = parsed[name]?.value;
    return value === undefined ? [] : [{ path: value, what: `--${name}` }];
  });
  // Where the Kubernetes client looks by itself.
  const { KUBECONFIG } = input.env;
  const kubeconfigs = KUBECONFIG ? KUBECONFIG.split(delimiter) : [join(homedir(), '.kube', 'config')];
  return [
    ...(input.file === undefined ? [] : [{ path: input.file.path, what: 'the configuration' }]),
    ...given,
    ...(parsed.kube?.value === true ? kubeconfigs.map((path) => ({ path, what: 'the kubeconfig' })) : []),
  ].map(({ path, what }) => ({ path: resolve(cwd, path), what }));
}

/**
 * Nothing that is written may replace what is read or was written just before, by whatever name or link. A baseline may
 * be replaced by the report that is the next one.
 * @throws ConfigError
 */
export function checkPlaces(written: readonly WrittenPlace[], read: readonly ReadPlace[]): void {
  const taken = new Map(read.map(({ path, what }) => [identityOf(path), `${what} is read from there`]));
  const problems: ConfigProblem[] = [];
  for (const { path, what, option, value, example, format } of written) {
    // A device or pipe keeps nothing that could be lost.
    if (isStream(path)) continue;
    const place = identityOf(path);
    const holder = taken.get(place);
    if (holder !== undefined && !(format === 'json' && holder.startsWith('--baseline ')))
      problems.push({ option, value, expected: `a separate file, because ${holder}`, example });
    taken.set(place, `${what} goes there`);
  }
  if (problems.length > 0) throw new ConfigError(problems.map((one) => ({ ...one, source: `flag ${one.option}` })));
}

/** The same for every name of one file, whatever links lead to it; of one that is not there yet, by where it would be made. */
function identityOf(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? linkTarget(path) : `${found.dev}:${found.ino}`;
  } catch {
    // No path at all: the check before the run says so.
    return path;
  }
}
