// Over 250 lines: the rooms and the check of them, which are read together.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, resolve, sep } from 'node:path';
import { circlesOf, type Graph, loadedBy } from './import-graph.ts';

/**
 * Who may import whom, one row per room: the rooms named, the room itself, and packages. The longest name that fits a file
 * is its room.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'harness/model': [],
  'harness/stats': [],
  'harness/system': ['harness/model'],
  'harness/definition': ['harness/model', 'harness/config'],
  'harness/applications': ['harness/model', 'harness/definition'],
  'harness/http': ['harness/model'],
  'harness/config': ['harness/model'],
  'harness/formats': ['harness/model'],
  'harness/diagnose': ['harness/model', 'harness/stats', 'harness/formats'],
  'harness/judge': ['harness/model', 'harness/stats', 'harness/formats', 'harness/diagnose'],
  'harness/compare': ['harness/model', 'harness/stats', 'harness/judge'],
  'harness/learn': ['harness/model', 'harness/stats', 'harness/definition'],
  'harness/kube/objects': ['harness/model'],
  'harness/kube/discover': ['harness/model', 'harness/kube/objects'],
  'harness/kube/expect': ['harness/model', 'harness/formats', 'harness/kube/objects', 'harness/kube/discover'],
  'harness/kube/contradict': ['harness/model', 'harness/kube/objects', 'harness/kube/expect'],
  'harness/kube/api': ['harness/model', 'harness/system', 'harness/config', 'harness/kube/objects'],
  'harness/kube/connect': ['harness/model', 'harness/config', 'harness/kube/*'],
  'harness/probe': ['harness/model', 'harness/formats', 'harness/http'],
  'harness/backend': ['harness/model', 'harness/system', 'harness/http'],
  'harness/settle': ['harness/model', 'harness/backend'],
  'harness/preflight': ['harness/model', 'harness/formats', 'harness/backend', 'harness/config', 'harness/probe'],
  'harness/capture': ['harness/model', 'harness/system'],
  'harness/import': ['harness/model', 'harness/system', 'harness/formats', 'harness/backend'],
  'harness/fetch': ['harness/model', 'harness/http', 'harness/backend'],
  'harness/survey': [
    'harness/model',
    'harness/formats',
    'harness/system',
    'harness/http',
    'harness/config',
    'harness/probe',
    'harness/backend',
    'harness/settle',
    'harness/preflight',
    'harness/capture',
  ],
  'harness/doctor': [
    'harness/model',
    'harness/config',
    'harness/probe',
    'harness/backend',
    'harness/settle',
    'harness/preflight',
    'harness/survey',
  ],
  'harness/drive': [
    'harness/model',
    'harness/system',
    'harness/config',
    'harness/http',
    'harness/capture',
    'harness/judge',
    'harness/kube/connect',
    'harness/survey',
  ],
  // One service without a mesh: `judge` is right of the contract capture, the rest left of it.
  'harness/contract/judge': ['harness/model', 'harness/judge'],
  'harness/fleet': ['harness/model', 'harness/judge'],
  'harness/contract': [
    'harness/model',
    'harness/system',
    'harness/config',
    'harness/capture',
    'harness/contract/judge',
  ],
  // Many runs: `state` computes where the mesh stands, the rest keeps time, serves and writes.
  'harness/watch/state': ['harness/model'],
  'harness/watch': [
    'harness/model',
    'harness/config',
    'harness/capture',
    'harness/watch/state',
    'reports',
    'reports/characters',
    'reports/text',
  ],
  'harness/vitest': [
    'harness/model',
    'harness/system',
    'harness/config',
    'harness/definition',
    'harness/applications',
    'harness/probe',
    'harness/drive',
    'harness/judge',
    'harness/contract',
    'harness/contract/judge',
    // Specs run with the options and the output of the command `run`.
    'harness/cli',
    'reports/text',
  ],
  'harness/public': ['harness/model', 'harness/capture', 'harness/judge', 'reports/text'],
  'harness/lab': ['harness/model', 'harness/system', 'harness/config', 'harness/definition', 'harness/http'],
  'harness/cli': [
    'harness/model',
    'harness/formats',
    'harness/system',
    'harness/applications',
    'harness/definition',
    'harness/config',
    'harness/http',
    'harness/probe',
    'harness/capture',
    'harness/import',
    'harness/fetch',
    'harness/compare',
    'harness/judge',
    'harness/learn',
    'harness/kube/connect',
    'harness/survey',
    'harness/doctor',
    'harness/drive',
    'harness/contract',
    'harness/contract/judge',
    'harness/fleet',
    'harness/watch',
    'harness/watch/state',
    'harness/cli/lab',
    'reports',
    'reports/characters',
    'reports/text',
  ],
  'harness/cli/lab': ['harness/model', 'harness/config', 'harness/definition', 'harness/lab', 'harness/cli', 'reports'],
  // Test code, kept beside the commands it tests.
  'harness/cli/testing': ['harness/*', 'fixtures/*', 'reports'],
  // The HTML report: `page` runs only in the browser, which has no packages; `shared` and `characters` also run there.
  'reports/characters': [],
  'reports/html/shared': ['harness/model', 'reports/characters'],
  'reports/html/page': ['reports/html/shared'],
  'reports/text': ['harness/model'],
  reports: ['harness/model', 'reports/characters', 'reports/html/shared', 'reports/text'],
  specs: ['harness/*', 'fixtures/*', 'reports', 'reports/text'],
  'fixtures/*': ['harness/*', 'fixtures/*', 'specs', 'reports/text'],
  tools: ['harness/*', 'fixtures/*', 'reports', 'reports/text', 'specs'],
};

/** Loaded with `import()` by one module and only when asked for, so that a package without the second works until then. */
const LAZY = [{ file: 'harness/cli/lab/start-lab.ts', room: 'fixtures/*' }] as const;

/** What a command starts without: the lab, and the client of Kubernetes, which takes as long to load as all the rest. */
const LATER = {
  file: 'harness/cli/bin.ts',
  rooms: ['harness/lab', 'harness/kube/api', 'harness/kube/connect'],
} as const;

/** Rooms that only compute, each with the packages it may use: none of Node's own modules, and nothing that talks. */
export const PURE: Readonly<Record<string, readonly string[]>> = {
  'harness/model': ['zod'], // not for the page: its bundle refuses packages
  'harness/stats': ['cephes', 'pure-rand'],
  'harness/applications': [],
  'harness/formats': [],
  'harness/diagnose': [],
  'harness/judge': [],
  'harness/compare': [],
  'harness/learn': ['yaml'],
  'harness/contract/judge': [],
  'harness/fleet': ['zod'],
  'harness/watch/state': [],
  'harness/kube/objects': ['yaml', 'zod'],
  'harness/kube/discover': [],
  'harness/kube/expect': [],
  'harness/kube/contradict': [],
  'reports/characters': [],
  'reports/html/shared': [],
  'reports/html/page': [],
  'reports/text': [],
};

/** A forbidden import. Paths are relative to the root. */
export interface Violation {
  readonly file: string;
  readonly imports: string;
  readonly why: string;
}

export interface ArrowReport {
  /** Modules read; a check that sees none proves nothing. */
  readonly modules: number;
  readonly imports: number;
  readonly violations: readonly Violation[];
  /** Rooms of the table that have no folder. */
  readonly missingRooms: readonly string[];
  /** Files in no room, such as one directly in harness/. */
  readonly looseFiles: readonly string[];
  /** Modules that import each other, types included, each circle from its first module round to it again. */
  readonly circles: readonly (readonly string[])[];
  /** Modules that every start of hopcheck loads although they are for a few commands only. */
  readonly loadedEarly: readonly string[];
}

const TOP = ['specs', 'harness', 'fixtures', 'reports', 'tools'];
const IMPORT =
  /(\b(?:import|export)\s+type\b[^'";]*?\bfrom\s*|\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\2/g;
/** Tests may use anything to set their stage; what they test is held by its own room. */
const TEST = /\.(test|spec)\.ts$|\/testing\.ts$/;

interface Import {
  readonly target: string;
  readonly isLazy: boolean;
  /** Gone when the program runs. */
  readonly isType: boolean;
}

export function checkArrows(root: string): ArrowReport {
  const graph = new Map(
    TOP.flatMap((top) => sources(join(root, top))).map((file) => [
      relative(root, file).split(sep).join('/'),
      importsOf(readFileSync(file, 'utf8')),
    ]),
  );
  const violations = [...graph].flatMap(([file, imports]) =>
    TEST.test(file) ? [] : imports.flatMap((one) => violationOf(file, one)),
  );
  return {
    modules: graph.size,
    imports: [...graph.values()].flat().filter(({ target }) => target.startsWith('.')).length,
    violations,
    missingRooms: Object.keys(ROOMS).filter((room) => !existsSync(join(root, room.replace('/*', '')))),
    looseFiles: [...graph.keys()].filter((file) => roomOf(file) === undefined),
    circles: circlesOf(pathsOf(graph, () => true)),
    loadedEarly: loadedBy(
      LATER.file,
      pathsOf(graph, ({ isLazy, isType }) => !isLazy && !isType),
    ).filter((file) => LATER.rooms.some((room) => room === roomOf(file))),
  };
}

function importsOf(text: string): readonly Import[] {
  return [...text.matchAll(IMPORT)].map(([, how = '', , target = '']) => ({
    target,
    isLazy: how.includes('('),
    isType: /^(import|export)\s+type\b/.test(how),
  }));
}

/** Which file imports which others. @param counts which imports are meant. */
function pathsOf(graph: ReadonlyMap<string, readonly Import[]>, counts: (one: Import) => boolean): Graph {
  return new Map(
    [...graph].map(([file, imports]) => [file, imports.filter(counts).flatMap((one) => pathOf(file, one))]),
  );
}

/** Relative to the root; of a package nothing. */
function pathOf(file: string, { target }: Import): string[] {
  return target.startsWith('.') ? [posix.join(posix.dirname(file), target)] : [];
}

function violationOf(file: string, one: Import): Violation[] {
  const from = roomOf(file);
  const [path] = pathOf(file, one);
  const why = path === undefined ? reasonAgainstPackage(from, one.target) : reasonAgainst(file, roomOf(path), one);
  return why === undefined ? [] : [{ file, imports: path ?? one.target, why }];
}

function reasonAgainst(file: string, to: string | undefined, { isLazy }: Import): string | undefined {
  const from = roomOf(file);
  if (from === undefined) return 'the importing file is in no room';
  if (to === undefined) return 'the imported file is in no room';
  if (isLazy && LAZY.some((lazy) => lazy.file === file && lazy.room === to)) return undefined;
  const allowed = ROOMS[from] ?? [];
  const fits = (pattern: string) => pattern === to || (pattern.endsWith('/*') && to.startsWith(pattern.slice(0, -1)));
  return from === to || allowed.some(fits) ? undefined : `${from} may not import ${to}`;
}

function reasonAgainstPackage(from: string | undefined, target: string): string | undefined {
  const packages = from === undefined ? undefined : PURE[from];
  if (packages === undefined || packages.some((name) => target === name || target.startsWith(`${name}/`)))
    return undefined;
  const may = packages.length === 0 ? 'no package' : `only ${packages.join(' and ')}`;
  return `${from} only computes, and uses ${may}`;
}

function roomOf(path: string): string | undefined {
  const folder = posix.dirname(path);
  if (folder.startsWith('fixtures/')) return 'fixtures/*';
  const rooms = Object.keys(ROOMS).filter((room) => folder === room || folder.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0];
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.main) {
  const { modules, imports, violations, missingRooms, looseFiles, circles, loadedEarly } = checkArrows(
    resolve(import.meta.dirname, '..'),
  );
  const wrong = [
    ...violations.map(({ file, imports, why }) => `${file} imports ${imports}: ${why}`),
    ...missingRooms.map((room) => `the room ${room} does not exist: remove its row`),
    ...looseFiles.map((file) => `${file} is in no room: move it into one, or add a row`),
    ...loadedEarly.map((file) => `${LATER.file} loads ${file} at its start: load it with import() where it is needed`),
    ...circles.map((circle) => `a circle of imports: ${circle.join(' → ')}`),
  ];
  for (const line of wrong) console.error(line);
  console.log(`arrows: ${modules} modules, ${imports} imports, ${wrong.length} wrong`);
  if (modules === 0 || wrong.length > 0) process.exitCode = 1;
}
