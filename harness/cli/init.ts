import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { wrap } from '../../reports/wrap.ts';
import { ConfigError } from '../config/config-error.ts';
import { CONFIG_FILES } from '../config/load-config-file.ts';
import { calledAs } from './called-as.ts';
import type { CommandContext, CommandRow } from './context.ts';
import { ciFile, configFile, type InitFile, SPECS, specFile, vitestFile } from './init-files.ts';
import { columnsOf, say } from './output.ts';
import { withApplication } from './own-application.ts';

export const initCommand: CommandRow = {
  name: 'init',
  about: 'write a configuration, one spec and a CI job into this folder; overwrites nothing',
  examples: ['hopcheck init', 'hopcheck init --application shop.yaml', 'hopcheck init --dry-run'],
  define(command, world, done) {
    command.option('--application <path>', 'the application that the spec is about; default: the built-in one');
    command.option('--dry-run', 'name what would be written, and write nothing');
    command.addHelpText(
      'after',
      '\nA file that is there is kept, so that a second call only names what is there.\nThe exit code is 0 then, too. It is 64 where a file cannot be written.',
    );
    command.action(async (flags: { application?: string; dryRun?: true }) => {
      const context = await withApplication(flags, world);
      const { io } = context;
      const found = surroundings(io.cwd);
      const files = filesFor(found, flags.application, context);
      const lines = files.flatMap((file) => {
        const state =
          found.configuration !== undefined && file.kind === 'configuration' ? found.configuration : undefined;
        const is = state === undefined ? place(file, io.cwd, flags.dryRun === true) : `there: ${state}`;
        return wrap(file.about, columnsOf(io.stdout), `${is.padEnd(WIDTH)} `);
      });
      io.stdout.write(`${[...lines, '', ...nextSteps(found, calledAs(io.env))].join('\n')}\n`);
      if (found.vitest !== undefined)
        say(io.stderr, `${found.vitest} is kept as it is: the specs have a separate configuration`);
      done(0);
    });
  },
};

/** Of the column with the file's name. */
const WIDTH = 40;

/** What is in the folder that matters here. */
interface Surroundings {
  readonly manifest: Manifest | undefined;
  /** An existing configuration file of hopcheck, in any of its formats. */
  readonly configuration: string | undefined;
  /** The repository's own Vitest configuration. */
  readonly vitest: string | undefined;
  readonly ci: 'github' | 'gitlab';
}

interface Manifest {
  readonly dependencies: readonly string[];
}

const VITEST_CONFIGS = ['vitest', 'vite'].flatMap((name) =>
  ['ts', 'mts', 'js', 'mjs', 'cjs', 'cts'].map((ending) => `${name}.config.${ending}`),
);

function surroundings(cwd: string): Surroundings {
  const isThere = (name: string) => existsSync(join(cwd, name));
  return {
    manifest: isThere('package.json') ? readManifest(join(cwd, 'package.json')) : undefined,
    configuration: CONFIG_FILES.find(isThere),
    vitest: VITEST_CONFIGS.find(isThere),
    ci: isThere('.gitlab-ci.yml') && !isThere('.github') ? 'gitlab' : 'github',
  };
}

/** @throws ConfigError for a package.json that is not JSON: npm could not use it either */
function readManifest(path: string): Manifest {
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as Record<
      string,
      object
    >;
    return { dependencies: [...Object.keys(dependencies), ...Object.keys(devDependencies)] };
  } catch (error) {
    const expected = `JSON (${messageOf(error)})`;
    throw new ConfigError([{ option: 'package.json', expected, example: 'npm init -y' }]);
  }
}

function filesFor(found: Surroundings, application: string | undefined, context: CommandContext): readonly InitFile[] {
  const { definition, requestNames = [] } = context.application;
  return [configFile(application), vitestFile(), specFile(definition, requestNames), ciFile(found.ci)];
}

/** Writes the file, unless something of its name is there. @returns what became of it, for the list. */
function place({ path, text }: InitFile, cwd: string, isDry: boolean): string {
  const absolute = join(cwd, path);
  if (isDry) return existsSync(absolute) ? `there: ${path}` : `would write: ${path}`;
  try {
    mkdirSync(dirname(absolute), { recursive: true });
  } catch (error) {
    throw unwritable(path, error);
  }
  try {
    // Fails where anything has the name, a link that leads nowhere too.
    writeFileSync(absolute, text, { flag: 'wx' });
    return `wrote: ${path}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return `there: ${path}`;
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): ConfigError {
  const expected = `a place that can be written (${messageOf(error)})`;
  return new ConfigError([{ option: 'init', value: path, expected, example: 'hopcheck init --dry-run' }]);
}

function nextSteps({ manifest }: Surroundings, called: string): readonly string[] {
  const missing = ['hopcheck', 'vitest'].filter((name) => manifest?.dependencies.includes(name) !== true);
  return [
    'next:',
    ...(manifest === undefined ? ['  npm init -y', '    # there is no package.json here'] : []),
    ...(missing.length === 0 ? [] : [`  npm install --save-dev ${missing.join(' ')}`]),
    `  ${called} doctor`,
    '    # says whether ingress and trace backend can be reached',
    `  npx vitest run --config ${SPECS}`,
  ];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
