import { Document, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import { callOf } from '../definition/names.ts';
import type { CallDefinition, Definition } from '../definition/schema.ts';
import { callComments, identityLines, missableLines, versionsComment } from './comments.ts';
import type { Difference } from './differences.ts';
import { type Learnt, shortened } from './learn.ts';
import { edgeOf } from './learn-input.ts';

/** No line is folded: a comment would stand in the middle of a call. */
const FORM = { lineWidth: 0, flowCollectionPadding: true } as const;
/** A comment of ours, which may be replaced; others are a person's. */
const COUNTS = /\d+ of \d+ requests/;

/** The text of a file that does not exist yet. @param from what it was learnt from: `60 requests on 2026-11-29`. */
export function newDocument(learnt: Learnt, from: string): string {
  const document = new Document(learnt.definition);
  const { contents } = document;
  document.commentBefore = [
    ` Learnt from ${from}. Correct what is wrong, and keep it: hopcheck learn does not overwrite it.`,
    ...missableLines(learnt).map((line) => ` ${line}`),
  ].join('\n');
  document.comment = [' Whose spans they are:', ...identityLines(learnt).map((line) => `   ${line}`)].join('\n');
  if (isMap(contents)) {
    for (const request of mapAt(document, ['requests'])?.items ?? [])
      if (isMap(request.value)) flat(request.value.get('reaches', true));
    for (const { value } of mapAt(document, ['services'])?.items ?? []) flat(value);
    flat(document.getIn(['gateway'], true));
    for (const { key, value } of mapAt(document, ['versions'])?.items ?? []) {
      flat(value);
      const counts = learnt.versions.get(String(key));
      if (counts !== undefined) comment(value, versionsComment(counts, isMap(value)));
    }
  }
  commentCalls(document, callComments(learnt));
  return document.toString(FORM);
}

/**
 * The text of a definition with some differences applied, and everything else as a person wrote it. Calls get their counts as
 * comments, where they have none of a person's.
 * @param comments by edge.
 */
export function changedDocument(
  text: string,
  differences: readonly Difference[],
  comments: ReadonlyMap<string, string>,
): string {
  const document = parseDocument(text);
  for (const difference of differences) apply(document, difference);
  commentCalls(document, comments);
  return document.toString(FORM);
}

/** The comments of calls in a text, by edge. */
export function commentsIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { caller, items } of callLists(parseDocument(text)))
    for (const item of items) {
      const written = (item as Node).comment?.trim();
      const callee = calleeOf(item);
      if (written !== undefined && callee !== undefined) found.set(edgeOf(caller, callee), written);
    }
  return found;
}

function apply(document: Document.Parsed, difference: Difference): void {
  switch (difference.kind) {
    case 'rename':
      rename(document, difference.from, difference.to);
      return;
    case 'part':
      if (difference.after === undefined) document.deleteIn(difference.path);
      else {
        const node = document.createNode(difference.after);
        for (const [index] of difference.path.entries()) {
          const above = difference.path.slice(0, index);
          if (above.length > 0 && !document.hasIn(above)) document.setIn(above, document.createNode({}));
        }
        flat(node);
        document.setIn(difference.path, node);
      }
      return;
    case 'call':
      changeCall(document, difference.caller, difference.before?.to, difference.after);
  }
}

function changeCall(
  document: Document.Parsed,
  caller: string,
  callee: string | undefined,
  after: CallDefinition | undefined,
): void {
  const known = document.getIn(['calls', caller], true);
  const list = isSeq(known) ? known : new YAMLSeq();
  if (!isSeq(known)) document.setIn(['calls', caller], list);
  const at = list.items.findIndex((item) => calleeOf(item) === (callee ?? after?.to));
  if (after === undefined) {
    if (at >= 0) list.items.splice(at, 1);
    return;
  }
  const node = document.createNode(shortened(after));
  flat(node);
  if (at < 0) list.items.push(node);
  else {
    const before = list.items[at] as Node;
    if (before.comment && !COUNTS.test(before.comment)) node.comment = before.comment;
    if (before.commentBefore) node.commentBefore = before.commentBefore;
    list.items[at] = node;
  }
}

/** A service has its name as a key, as a callee, and in some lists. */
function rename(document: Document.Parsed, from: string, to: string): void {
  for (const path of [['calls'], ['versions'], ['services']])
    for (const { key } of mapAt(document, path)?.items ?? []) if (isScalar(key) && key.value === from) key.value = to;
  const entry = document.getIn(['entry'], true);
  if (isScalar(entry) && entry.value === from) entry.value = to;
  for (const { items } of callLists(document))
    for (const item of items) {
      const name = isMap(item) ? item.get('to', true) : item;
      if (isScalar(name) && name.value === from) name.value = to;
    }
  for (const { value: request } of mapAt(document, ['requests'])?.items ?? []) renameInRequest(request, from, to);
}

function renameInRequest(request: unknown, from: string, to: string): void {
  if (!isMap(request)) return;
  const names: unknown[] = [request.get('entry', true)];
  const reaches = request.get('reaches', true);
  if (isSeq(reaches)) names.push(...reaches.items);
  for (const [list, key] of [
    ['versions', 'of'],
    ['errors', 'service'],
  ] as const) {
    const rules = request.getIn(['answer', list], true);
    if (isSeq(rules)) names.push(...rules.items.map((rule) => (isMap(rule) ? rule.get(key, true) : undefined)));
  }
  for (const name of names) if (isScalar(name) && name.value === from) name.value = to;
}

function commentCalls(document: Document, comments: ReadonlyMap<string, string>): void {
  for (const { caller, list, items } of callLists(document)) {
    for (const item of items) {
      if (isMap(item)) item.flow = true;
      const text = comments.get(edgeOf(caller, calleeOf(item) ?? ''));
      if (text === undefined) continue;
      list.flow = false;
      comment(item, text);
    }
  }
}

interface CallList {
  readonly caller: string;
  readonly list: YAMLSeq;
  readonly items: readonly unknown[];
}

function callLists(document: Document): readonly CallList[] {
  return (mapAt(document, ['calls'])?.items ?? []).flatMap(({ key, value }) =>
    isSeq(value) ? [{ caller: String(key), list: value, items: value.items }] : [],
  );
}

function mapAt(document: Document, path: readonly string[]): YAMLMap | undefined {
  const node: unknown = document.getIn(path, true);
  return isMap(node) ? node : undefined;
}

function calleeOf(item: unknown): string | undefined {
  const name: unknown = isMap(item) ? item.get('to') : isScalar(item) ? item.value : undefined;
  return typeof name === 'string' ? callOf(name).to : undefined;
}

function flat(node: unknown): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}

function comment(node: unknown, text: string): void {
  if (typeof node !== 'object' || node === null) return;
  const known = (node as Node).comment;
  if (!known || COUNTS.test(known)) (node as Node).comment = ` ${text}`;
}

/** The definition alone, as JSON. */
export function asJson(definition: Definition): string {
  return `${JSON.stringify(definition, undefined, 2)}\n`;
}
