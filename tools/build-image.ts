import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

// npm run build:image: the image that deploy/ runs, as an OCI archive, with its SBOM and checksums. From scratch: the pinned
// Node of the npm package `node`, the libraries that it links, hopcheck as `npm pack` makes it, and its dependencies as
// package-lock.json pins them. No base image, no shell, no package manager. Needs Linux and buildah
// (apt-get install buildah); nothing is pulled from a container registry, and nothing is published.

const ROOT = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
/** The unprivileged user of deploy/, as a number, so that Kubernetes can see that it is not root. */
const USER = '1000:1000';

const { values } = parseArgs({
  options: {
    /** Where archive, SBOM and checksums go. */
    out: { type: 'string', default: 'hopcheck-image' },
    /** What `npm pack` made; default: it is packed now. */
    tarball: { type: 'string' },
  },
});
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'hopcheck-image-'));
try {
  const rootfs = join(work, 'rootfs');
  const app = join(rootfs, 'hopcheck');
  mkdirSync(app, { recursive: true });
  unpack(values.tarball === undefined ? pack() : resolve(values.tarball), app);
  const sbom = addDependencies(app);
  addNode(rootfs);
  addAccounts(rootfs);
  const archive = `hopcheck-${version}.oci.tar`;
  const bill = `hopcheck-${version}.cdx.json`;
  writeFileSync(join(out, bill), sbom);
  writeFileSync(join(app, 'sbom.cdx.json'), sbom);
  buildArchive(rootfs, join(out, archive));
  const sums = [archive, bill].map((name) => `${sha256(join(out, name))}  ${name}\n`);
  writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
  console.log([archive, bill, 'SHA256SUMS'].map((name) => join(values.out, name)).join('\n'));
} finally {
  rmSync(work, { recursive: true, force: true });
}

function pack(): string {
  const text = run('npm', ['pack', '--json', '--pack-destination', work], ROOT);
  const packs: unknown = JSON.parse(text.slice(text.search(/^[[{]/m)));
  const [first] = (Array.isArray(packs) ? packs : Object.values(packs as object)) as { readonly filename: string }[];
  if (first === undefined) throw new Error(`npm pack printed no package: ${text}`);
  return join(work, first.filename);
}

/** Without the folder `package`, and owned by root: the user of the image may change none of it. */
function unpack(tarball: string, folder: string): void {
  run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1', '--no-same-owner'], work);
}

/** The packages that package-lock.json pins, without those for development. No script of a package is run. @returns the SBOM */
function addDependencies(app: string): string {
  const stage = join(work, 'stage');
  mkdirSync(stage);
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(ROOT, name), join(stage, name));
  run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], stage);
  // npm lists what is installed, and refuses where a package for development is not. By the lock file alone it leaves out
  // packages that one for development needs too (npm 11.19: zod).
  const { devDependencies: _, ...own } = JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'));
  writeFileSync(join(stage, 'package.json'), JSON.stringify(own));
  const sbom = run('npm', ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx'], stage);
  cpSync(join(stage, 'node_modules'), join(app, 'node_modules'), { recursive: true });
  // Links for a shell. The image has no shell.
  rmSync(join(app, 'node_modules/.bin'), { recursive: true, force: true });
  return sbom;
}

/** The pinned Node, and what it links. */
function addNode(rootfs: string): void {
  const node = realpathSync(join(ROOT, 'node_modules/node/bin/node'));
  place(node, join(rootfs, 'usr/local/bin/node'));
  for (const [library = ''] of run('ldd', [node], work).matchAll(/\/\S+/g)) place(library, join(rootfs, library));
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(realpathSync(from), to);
  chmodSync(to, 0o755);
}

/** A user to be, names to resolve, and nothing to log in with. */
function addAccounts(rootfs: string): void {
  mkdirSync(join(rootfs, 'etc'), { recursive: true });
  mkdirSync(join(rootfs, 'results'));
  writeFileSync(join(rootfs, 'etc/passwd'), 'hopcheck:x:1000:1000::/:/nonexistent\n');
  writeFileSync(join(rootfs, 'etc/group'), 'hopcheck:x:1000:\n');
  writeFileSync(join(rootfs, 'etc/nsswitch.conf'), 'hosts: files dns\n');
}

/** One layer. With the same files it is the same image: all times are those of 1970. */
function buildArchive(rootfs: string, archive: string): void {
  if (spawnSync('buildah', ['--version']).status !== 0)
    throw new Error('no buildah: expected it on the PATH, e.g. apt-get install buildah');
  // Other drivers leave mounts behind, which would have to be undone before the folder can go.
  const store = ['--storage-driver', 'vfs', '--root', join(work, 'store'), '--runroot', join(work, 'run')];
  const buildah = (...args: readonly string[]) => run('buildah', [...store, ...args], work).trim();
  const container = buildah('from', 'scratch');
  buildah('copy', '--quiet', '--chown', '0:0', container, rootfs, '/');
  buildah(
    'config',
    ...['--user', USER, '--workingdir', '/', '--env', 'NODE_ENV=production'],
    ...['--entrypoint', '["/usr/local/bin/node", "/hopcheck/dist/start.js"]', '--cmd=--help'],
    ...['--label', 'org.opencontainers.image.title=hopcheck', '--label', `org.opencontainers.image.version=${version}`],
    ...['--label', 'org.opencontainers.image.licenses=Apache-2.0', container],
  );
  rmSync(archive, { force: true });
  buildah('commit', '--quiet', '--timestamp', '0', container, `oci-archive:${archive}:hopcheck:${version}`);
  buildah('rm', container);
  if (!existsSync(archive)) throw new Error(`buildah wrote no archive to ${archive}`);
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** @throws Error with what the program printed */
function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
}
