import { existsSync, readFileSync, rmSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { parse } from 'yaml';
import { writeFileAtomic } from '../../capture/atomic-write.ts';
import { ConfigError } from '../../config/config-error.ts';
import { readDefinition } from '../../definition/read-definition.ts';
import { differencesOf } from '../../learn/differences.ts';
import { changedDocument, commentsIn } from '../../learn/document.ts';
import type { Io } from '../io.ts';
import { say } from '../output.ts';
import { differenceLine } from './words.ts';

/** Where a proposal for a file goes. */
export function proposalPath(path: string): string {
  return `${path}.new`;
}

/** Only YAML keeps what a person wrote beside the data. */
export function isYaml(path: string): boolean {
  return ['.yaml', '.yml'].includes(extname(path).toLowerCase());
}

/** Set by every CI system that is in use; `false` and `0` turn it off. */
export function isCi({ CI = '' }: Io['env']): boolean {
  return !['', '0', 'false'].includes(CI);
}

/**
 * Takes differences of the proposal into the file: those that are named, or all. The proposal keeps the rest.
 * @throws ConfigError
 * @returns the exit code
 */
export function accept(path: string, ids: readonly string[], { io }: { readonly io: Io }): number {
  const proposal = proposalPath(path);
  if (isCi(io.env)) throw wrong(path, 'no CI: there nothing is written; accept on your machine and commit the file');
  if (!isYaml(path)) throw wrong(path, `a YAML file; change this one by hand, as ${proposal} shows`);
  const [before, after] = [path, proposal].map((name) => readText(resolve(io.cwd, name), name)) as [string, string];
  const definitionOf = (text: string, name: string) =>
    readDefinition(parse(text), { from: name }, placeholders(io.env));
  const wanted = definitionOf(after, proposal);
  const all = differencesOf(definitionOf(before, path), wanted);
  const names = ids.map(normal);
  const unknown = names.find((id) => !all.some((difference) => difference.id === id));
  if (unknown !== undefined)
    throw new ConfigError([
      {
        option: '--accept',
        value: unknown,
        source: 'flag --accept',
        expected:
          all.length === 0 ? `nothing: ${path} has all of ${proposal}` : `one of ${all.map(({ id }) => id).join(', ')}`,
        example: `--accept ${all[0]?.id ?? ''}`.trim(),
      },
    ]);
  const chosen = names.length === 0 ? all : all.filter(({ id }) => names.includes(id));
  const comments = commentsIn(after);
  const edges = new Set(chosen.map(({ id }) => id));
  const text = changedDocument(before, chosen, new Map([...comments].filter(([edge]) => edges.has(edge))));
  definitionOf(text, path);
  writeFileAtomic(resolve(io.cwd, path), text);
  const left = differencesOf(definitionOf(text, path), wanted);
  if (left.length === 0) rmSync(resolve(io.cwd, proposal), { force: true });
  for (const difference of chosen) io.stdout.write(`accepted ${differenceLine(difference)}\n`);
  for (const difference of left) io.stdout.write(`left     ${differenceLine(difference)}\n`);
  if (left.length > 0) say(io.stdout, `take more: --accept ${left.map(({ id }) => quoted(id)).join(' ')}`);
  return 0;
}

/** A variable need not be set to change a file that names it. */
function placeholders(env: Io['env']): Io['env'] {
  return new Proxy(env, { get: (own, name: string) => own[name] ?? `$${name}` });
}

/** `a → b` is `a->b`. */
function normal(id: string): string {
  return id.replace(/\s*(?:→|->)\s*/, '->').trim();
}

/** For a shell, which would take `>` for a redirection. */
export function quoted(id: string): string {
  return /^[\w.=-]+$/.test(id) && !id.includes('>') ? id : `'${id}'`;
}

function readText(path: string, name: string): string {
  if (!existsSync(path)) throw wrong(name, `a file; hopcheck learn writes ${name} where it finds a difference`);
  return readFileSync(path, 'utf8');
}

function wrong(value: string, expected: string): ConfigError {
  return new ConfigError([
    { option: '--accept', value, expected, example: "hopcheck learn --application shop.yaml --accept 'shop->stock'" },
  ]);
}
