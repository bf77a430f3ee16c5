/** What package-lock.json says of one installed package. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** You may use, change and pass on the package under other terms. The only condition is to keep the notice. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  ...['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD', 'BlueOak-1.0.0'],
  ...['MIT OR Apache-2.0', 'PSF-2.0', 'Python-2.0', 'Unlicense', 'CC0-1.0'],
]);

/** Used while developing and testing only, and why; by the beginning of the name. */
const EXCEPTIONS: Readonly<Record<string, { readonly licence: string; readonly why: string }>> = {
  'axe-core': {
    licence: 'MPL-2.0',
    why: 'The page is to pass axe, by name; there is only one. The browser tests put it, unchanged, into a page that they throw away. It is in no report, no build and nothing that runs against a mesh. (A permissive checker exists, accessibility-checker-engine under Apache-2.0, but its rules are others.)',
  },
  lightningcss: {
    licence: 'MPL-2.0',
    why: 'Comes with Vitest, by way of Vite; nothing of ours calls it.',
  },
};

interface Row {
  readonly name: string;
  readonly licence: string;
  readonly dev: boolean;
}

/** @throws Error naming the first package whose licence is neither permissive nor an exception. */
export function licencesOf({ packages }: Lock): readonly Row[] {
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { license = 'none stated', dev = false, devOptional = false }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const row = { name, licence: license, dev: dev || devOptional };
      if (PERMISSIVE.has(license)) return row;
      const exception = Object.entries(EXCEPTIONS).find(([start]) => name.startsWith(start))?.[1];
      if (exception?.licence === license && row.dev) return row;
      throw new Error(
        `${name}: licence ${license}${row.dev ? '' : ', used at run time'}; expected one of ${[...PERMISSIVE].join(', ')}, or a reason in tools/licences.ts`,
      );
    });
}

/** docs/licences.md: what hopcheck is made of. */
export function licencePage(lock: Lock, manifest: Manifest): string {
  const rows = licencesOf(lock);
  const licenceOf = (name: string) => lock.packages[`node_modules/${name}`]?.license ?? 'none stated';
  const table = (names: readonly string[]) =>
    ['| package | licence |', '|---|---|', ...names.map((name) => `| ${name} | ${licenceOf(name)} |`)].join('\n');
  const counted = (dev: boolean) =>
    [
      ...Map.groupBy(
        rows.filter((row) => row.dev === dev),
        ({ licence }) => licence,
      ),
    ]
      .toSorted((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0]))
      .map(([licence, some]) => `${licence} ${some.length}`)
      .join(' · ');
  return [
    '# Licences',
    'hopcheck is under Apache-2.0. All packages that it needs at run time are under permissive licences. So are those that only developing and testing needs, except the ones below. `npm test` holds this page and the rule to package-lock.json.',
    '## At run time',
    table(Object.keys(manifest.dependencies)),
    `With what these need in turn: ${counted(false)}.`,
    '## For developing and testing',
    table(Object.keys(manifest.devDependencies)),
    `With what these need in turn: ${counted(true)}.`,
    '## Exceptions',
    Object.entries(EXCEPTIONS)
      .map(([name, { licence, why }]) => `* **${name}** (${licence}). ${why}`)
      .join('\n'),
  ].join('\n\n');
}
