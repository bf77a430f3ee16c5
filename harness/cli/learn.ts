import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { totalTimeoutOf } from '../config/resolve.ts';
import { compileApplication } from '../definition/compile.ts';
import { findDefinition } from '../definition/find-application.ts';
import type { Definition } from '../definition/schema.ts';
import { openTarget } from '../drive/target.ts';
import { type Learnt, learn } from '../learn/learn.ts';
import type { Trouble } from '../learn/trouble.ts';
import type { Application } from '../model/application.ts';
import { EVERYTHING_COUNTS, subjectName } from '../model/policy.ts';
import type { CommandContext, CommandRow } from './context.ts';
import { endingOf } from './ending.ts';
import { askedOf, declaredIn, requestsOfFlags } from './learn/asked.ts';
import { accept } from './learn/files.ts';
import { errorsWith, type Gathered, gatherFromDump, gatherFromMesh } from './learn/gather.ts';
import { troubleLines, whyRefused } from './learn/words.ts';
import { CODES, writeDifferences, writeNew } from './learn/write.ts';
import { addConfigOption, addGroups, addOptions, collect, readInput } from './options.ts';
import { progressOn, say } from './output.ts';
import { readTold } from './read-told.ts';

interface LearnFlags {
  readonly get?: readonly string[];
  readonly post?: readonly string[];
  readonly name?: string;
  readonly untraced?: readonly string[];
  readonly external?: readonly string[];
  readonly out?: string;
  readonly accept?: readonly string[] | true;
  readonly check?: true;
  readonly capture?: string;
}

const NOTHING_LEARNT = 'ending; nothing is learnt';

export const learnCommand: CommandRow = {
  name: 'learn',
  about: 'propose the definition of an application from a healthy mesh, or say what changed',
  examples: [
    'hopcheck learn --get /api/home --config hopcheck.config.yaml',
    `hopcheck learn --get / --post '/api/orders {"sku": "42"}' --untraced redis`,
    'hopcheck learn traces.json --get /api/home',
    'hopcheck learn --application shop.yaml --check',
    "hopcheck learn --application shop.yaml --accept 'shop->stock'",
  ],
  define(command, world, done) {
    const { io } = world;
    command.argument('[path...]', 'saved traces to learn from, in place of a mesh; as hopcheck import reads them');
    command.optionsGroup('What is learnt:');
    repeatable(command, '--get <path>', 'a request to learn from (repeatable)');
    repeatable(command, '--post <path json>', 'the same with POST and JSON; it is sent many times (repeatable)');
    repeatable(command, '--untraced <service>', 'a service without a sidecar, such as a cache (repeatable)');
    repeatable(command, '--external <host>', 'a host outside of the mesh, by its full name (repeatable)');
    command.option('--name <name>', 'name of the application; default the service that is called first');
    command.option('--out <path>', 'where the definition goes; default its name with .yaml, or that of --application');
    command.option('--check', 'write nothing; exit 0: the same, 1: it differs, 2: could not tell');
    command.option(
      '--accept [edges...]',
      'take what an earlier call proposed into the definition: all, or those named',
    );
    addOptions(command, ['application', 'format', 'gateway-profile', 'flush-interval']);
    addGroups(command, ['ingress', 'backend', 'sending', 'waiting', 'kube']);
    addOptions(command.optionsGroup('What is written:'), ['capture']);
    command.optionsGroup('Options:');
    addConfigOption(command);
    command.action(async (paths: readonly string[], flags: LearnFlags) => {
      const input = await readInput(flags, world);
      const known = await existing(flags, input, world);
      if (flags.accept !== undefined) {
        if (known?.path === undefined) throw noDefinition('--accept');
        done(accept(known.path, flags.accept === true ? [] : flags.accept, world));
        return;
      }
      if (flags.check === true && known === undefined) throw noDefinition('--check');
      const gathered = await gather(paths, flags, input, known?.definition, world);
      for (const note of gathered.notes) say(io.stderr, note);
      done(await conclude(gathered, flags, input, known, world));
    });
  },
};

function repeatable(command: Command, flags: string, text: string): void {
  command.addOption(new Option(flags, text).argParser(collect));
}

interface Known {
  readonly definition: Definition;
  /** Absent: it is in the configuration file. */
  readonly path?: string;
}

/** The definition that there is, by `--application`, or in the file where a new one would go. */
async function existing(flags: LearnFlags, input: ConfigInput, { io }: CommandContext): Promise<Known | undefined> {
  const named = await findDefinition(input, io.cwd);
  if (named !== undefined) {
    const isFile = existsSync(resolve(io.cwd, named.from));
    return { definition: named.definition, ...(isFile && { path: named.from }) };
  }
  const path = flags.out ?? (flags.name === undefined ? undefined : `${flags.name}.yaml`);
  return path === undefined ? undefined : existingAt(path, input, io.cwd);
}

async function existingAt(path: string, input: ConfigInput, cwd: string): Promise<Known | undefined> {
  if (!existsSync(resolve(cwd, path))) return undefined;
  const found = await findDefinition({ flags: { application: path }, env: input.env }, cwd);
  return found && { definition: found.definition, path };
}

function noDefinition(option: string): ConfigError {
  const example = `--application shop.yaml ${option}`;
  return new ConfigError([{ option, expected: 'a definition beside it, to compare with', example }]);
}

async function gather(
  paths: readonly string[],
  flags: LearnFlags,
  input: ConfigInput,
  known: Definition | undefined,
  world: CommandContext,
): Promise<Gathered> {
  const { io, clock } = world;
  const own = requestsOfFlags(flags.get ?? [], flags.post ?? [], known?.requests);
  const requests = { ...known?.requests, ...own };
  const asked = askedOf(requests, known?.requests);
  if (paths.length > 0) {
    const { dump } = await readTold(paths, world, { whatEnds: NOTHING_LEARNT });
    const gathered = gatherFromDump(dump, asked.length === 0 ? undefined : asked, input);
    return dump.isCut ? { ...gathered, stopped: 'it was ended before all traces were read' } : gathered;
  }
  if (asked.length === 0)
    throw new ConfigError([
      {
        option: '--get',
        expected: 'a path to learn from, or a definition or saved traces',
        example: '--get /api/home',
      },
    ]);
  const start: Definition = known ?? { version: 1, name: nameOf(flags), entry: 'unknown', requests: {}, calls: {} };
  const compiled = compileApplication({ ...start, requests }, { from: start.name, env: io.env });
  const application = known === undefined ? { ...compiled, definition: ofRequestsOnly(compiled.definition) } : compiled;
  const context = { ...world, application };
  using ending = endingOf(context, NOTHING_LEARNT, totalTimeoutOf(input));
  const progress = progressOn(context);
  await using target = await openTarget(input, application.definition, {
    clock,
    onProgress: (event) => progress.event(event),
    signal: ending.signal,
  });
  return await gatherFromMesh(target, asked, {
    input,
    context,
    ending,
    ...(flags.capture !== undefined && { capturePath: resolve(io.cwd, flags.capture) }),
  });
}

/** Nothing but its requests is known: neither the service that they get to first, nor any other. */
function ofRequestsOnly({ requests = [], ...definition }: Application): Application {
  const open = requests.map(({ entry: _, ...request }) => request);
  return { ...definition, ...(open.length > 0 && { requests: open }), entry: '', services: [], calls: [] };
}

function nameOf({ name }: LearnFlags): string {
  return name ?? 'application';
}

/** Learns, compares, writes, and gives the exit code. */
async function conclude(
  gathered: Gathered,
  flags: LearnFlags,
  input: ConfigInput,
  known: Known | undefined,
  world: CommandContext,
): Promise<number> {
  const { io } = world;
  const refuse = (why: string, lines: readonly string[]) => {
    say(io.stderr, [`nothing is learnt${why}:`, ...lines].join('\n'));
    return CODES.unclear;
  };
  if (gathered.stopped !== undefined) {
    say(io.stderr, `nothing is learnt: ${gathered.stopped}`);
    return CODES.unclear;
  }
  const names = known && compileApplication(known.definition, { from: '', env: io.env }).definition.names;
  const { learnt, troubles } = learn({
    ...gathered,
    name: known?.definition.name ?? nameOf(flags),
    declared: declaredIn(flags, known?.definition),
    mayCallNothing: known !== undefined,
    names: names ?? {},
  });
  if (troubles !== undefined)
    return refuse(whyRefused(troubles), [...troubles.flatMap(troubleLines), ...declarations(troubles)].map(indented));
  const errors = errorsWith(learnt.definition, gathered, io.env, EVERYTHING_COUNTS);
  if (errors.length > 0)
    return refuse(
      ', because the proposal fails on the traces that it was made from',
      errors.flatMap(({ code, subject, received, remedy }) => [
        `  ${code} ${subjectName(subject)}: ${received}`,
        `    ${remedy}`,
      ]),
    );
  const named = known === undefined ? withName(learnt, flags) : learnt;
  const path = known?.path ?? flags.out ?? `${named.definition.name}.yaml`;
  const there = known ?? (await existingAt(path, input, io.cwd));
  return there === undefined
    ? writeNew(path, named, gathered, world)
    : writeDifferences({ path, ...there }, learnt, flags.check === true, world);
}

function indented(line: string): string {
  return `  ${line}`;
}

/** All that could be declared, in one line to paste. */
function declarations(troubles: readonly Trouble[]): readonly string[] {
  const halves = troubles.filter(({ kind }) => kind === 'no-server');
  const others = troubles.length - halves.length;
  if (halves.length < 2 || others > 0) return [];
  const flags = halves.map(
    ({ callee = '', isOutside }) => `${isOutside === true ? '--external' : '--untraced'} ${callee}`,
  );
  return [`all of them: ${[...new Set(flags)].join(' ')}`];
}

/** An application is called by the service that is called first, where a person gave no name. */
function withName(learnt: Learnt, { name }: LearnFlags): Learnt {
  const { definition } = learnt;
  const [first] = Object.values(definition.requests);
  return {
    ...learnt,
    definition: { ...definition, name: name ?? definition.entry ?? first?.entry ?? definition.name },
  };
}
