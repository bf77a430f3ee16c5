import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';

/**
 * Who may import whom, one row per room: the rooms named, the room itself, and packages. The longest name that fits a file
 * is its room.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'harness/model': [],
  'harness/stats': [],
  'harness/system': ['harness/model'],
  'harness/applications': ['harness/model'],
  'harness/http': ['harness/model'],
  'harness/config': ['harness/model'],
  'harness/diagnose': ['harness/model', 'harness/stats'],
  'harness/judge': ['harness/model', 'harness/stats', 'harness/diagnose'],
  'harness/kube/objects': ['harness/model'],
  'harness/kube/discover': ['harness/model', 'harness/kube/objects'],
  'harness/kube/expect': ['harness/model', 'harness/kube/objects'],
  'harness/kube/contradict': ['harness/model', 'harness/kube/objects', 'harness/kube/expect'],
  'harness/kube/api': ['harness/model', 'harness/config', 'harness/kube/objects'],
  'harness/kube/connect': ['harness/model', 'harness/config', 'harness/kube/*'],
  'harness/probe': ['harness/model', 'harness/http'],
  'harness/backend': ['harness/model', 'harness/http'],
  'harness/settle': ['harness/model', 'harness/backend'],
  'harness/preflight': ['harness/model', 'harness/backend', 'harness/config', 'harness/probe'],
  'harness/capture': ['harness/model'],
  'harness/import': ['harness/model', 'harness/backend'],
  'harness/survey': [
    'harness/model',
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
  'harness/vitest': ['harness/model', 'harness/config', 'harness/drive'],
  'harness/lab': ['harness/model', 'harness/system', 'harness/config', 'harness/http'],
  'harness/cli': ['harness/*', 'reports'],
  reports: ['harness/model'],
  specs: ['harness/*', 'fixtures/*', 'reports'],
  'fixtures/*': ['harness/*', 'fixtures/*', 'specs'],
  tools: ['harness/*', 'fixtures/*', 'reports', 'specs'],
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
}

const TOP = ['specs', 'harness', 'fixtures', 'reports', 'tools'];
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\1/g;
/** Tests may use anything to set their stage; what they test is held by its own room. */
const TEST = /\.(test|spec)\.ts$|\/testing\.ts$/;

export function checkArrows(root: string): ArrowReport {
  const violations: Violation[] = [];
  let modules = 0;
  let imports = 0;
  for (const file of TOP.flatMap((top) => sources(join(root, top)))) {
    const path = relative(root, file).split(sep).join('/');
    modules += 1;
    const from = roomOf(path);
    for (const [, , target] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (target === undefined || !target.startsWith('.')) continue;
      imports += 1;
      if (TEST.test(path)) continue;
      const to = relative(root, resolve(dirname(file), target))
        .split(sep)
        .join('/');
      const why = reasonAgainst(from, roomOf(to));
      if (why !== undefined) violations.push({ file: path, imports: to, why });
    }
  }
  return { modules, imports, violations };
}

function reasonAgainst(from: string | undefined, to: string | undefined): string | undefined {
  if (from === undefined) return 'the importing file is in no room';
  if (to === undefined) return 'the imported file is in no room';
  const allowed = ROOMS[from] ?? [];
  const fits = (pattern: string) => pattern === to || (pattern.endsWith('/*') && to.startsWith(pattern.slice(0, -1)));
  return from === to || allowed.some(fits) ? undefined : `${from} may not import ${to}`;
}

function roomOf(path: string): string | undefined {
  const folder = posix.dirname(path);
  if (folder.startsWith('fixtures/')) return 'fixtures/*';
  const rooms = Object.keys(ROOMS).filter(
    (room) => folder === room || (room !== 'harness' && folder.startsWith(`${room}/`)),
  );
  return rooms.toSorted((a, b) => b.length - a.length)[0];
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

if (import.meta.main) {
  const report = checkArrows(resolve(import.meta.dirname, '..'));
  for (const { file, imports, why } of report.violations) console.error(`${file} imports ${imports}: ${why}`);
  console.log(`arrows: ${report.modules} modules, ${report.imports} imports, ${report.violations.length} forbidden`);
  if (report.modules === 0 || report.violations.length > 0) process.exitCode = 1;
}
