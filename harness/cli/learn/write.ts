import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeFileAtomic } from '../../capture/atomic-write.ts';
import { servicesOf } from '../../definition/names.ts';
import type { Definition } from '../../definition/schema.ts';
import type { ClusterStart } from '../../kube/connect/start.ts';
import { callComment, callComments, identityLines, missableLines } from '../../learn/comments.ts';
import { differencesOf } from '../../learn/differences.ts';
import { asJson, changedDocument, newDocument } from '../../learn/document.ts';
import { type Learnt, withWeights } from '../../learn/learn.ts';
import { mergeInto } from '../../learn/merge.ts';
import { calledAs } from '../called-as.ts';
import type { CommandContext } from '../context.ts';
import { say, shellWord } from '../output.ts';
import { isCi, isYaml, proposalPath, quoted } from './files.ts';
import type { Gathered } from './gather.ts';
import { differenceLine } from './words.ts';

/** What `learn` ends with. */
export const CODES = { same: 0, differs: 1, unclear: 2 } as const;

/** Writes a definition where none is. */
export function writeNew(path: string, seen: Learnt, { day, start }: Gathered, { io }: CommandContext): number {
  const learnt = start === undefined ? seen : withWeights(seen, start.weights);
  const requests = [...learnt.requests.values()].reduce((sum, one) => sum + one, 0);
  const text = newDocument(learnt, `${requests} requests on ${day}`);
  if (isCi(io.env)) {
    io.stdout.data(text);
    say(io.stderr, `nothing is written in CI; this would be ${path}`);
    return CODES.same;
  }
  writeFileAtomic(resolve(io.cwd, path), text);
  const calls = [...learnt.calls.values()];
  say(
    io.stdout,
    [
      `${path}: ${calls.length} calls, learnt from ${requests} requests`,
      ...calls.map(
        ({ caller, call, ...counts }) => `  ${caller} → ${call.to}: ${callComment({ caller, call, ...counts })}`,
      ),
      ...[...identityLines(learnt), ...missableLines(learnt)].map((line) => `  ${line}`),
      ...(start === undefined ? [] : unreachedLines(learnt, start)).map((line) => `  ${line}`),
      `read it, then: ${calledAs(io.env)} run --application ${shellWord(path)}`,
    ].join('\n'),
  );
  return CODES.same;
}

/** What the cluster has beside what the requests got to. */
function unreachedLines({ definition, versions }: Learnt, { services }: ClusterStart): readonly string[] {
  const known = new Set(servicesOf(definition));
  const others = [...services.keys()].filter((name) => !known.has(name));
  const unseen = [...services].flatMap(([name, all]) => {
    const seen = versions.get(name);
    return seen === undefined ? [] : all.filter((version) => !seen.has(version)).map((version) => `${name} ${version}`);
  });
  return [
    ...(others.length === 0 ? [] : [`Services of the namespace that no request got to: ${others.join(', ')}`]),
    ...(unseen.length === 0 ? [] : [`versions with pods that no request got to: ${unseen.join(', ')}`]),
  ];
}

/** Names what a definition has otherwise than the mesh, and puts a proposal beside it. */
export function writeDifferences(
  { path, definition }: { readonly path: string; readonly definition: Definition },
  learnt: Learnt,
  isCheck: boolean,
  { io }: CommandContext,
): number {
  const merged = mergeInto(definition, learnt);
  const differences = differencesOf(definition, merged);
  if (differences.length === 0) {
    io.stdout.write(`${path}: nothing differs\n`);
    return CODES.same;
  }
  for (const difference of differences) io.stdout.write(`${differenceLine(difference, learnt)}\n`);
  if (isCheck || isCi(io.env)) return CODES.differs;
  const proposal = proposalPath(path);
  const before = isYaml(path) ? readFileSync(resolve(io.cwd, path), 'utf8') : undefined;
  writeFileAtomic(
    resolve(io.cwd, proposal),
    before === undefined ? asJson(merged) : changedDocument(before, differences, callComments(learnt)),
  );
  const [first] = differences;
  const take = `${calledAs(io.env)} learn --application ${shellWord(path)} --accept`;
  say(
    io.stdout,
    before === undefined
      ? `${proposal} has all of it; change ${path} by hand`
      : `${proposal} has all of it. Take it: ${take}\none by one: ${take} ${quoted(first?.id ?? '')}`,
  );
  return CODES.same;
}
