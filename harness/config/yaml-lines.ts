import { type Document, isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

/**
 * Finds the lines of a YAML document, and so of JSON too. A place that is not there has the line of what it should be in; a
 * key has its own line, though its value may begin further down.
 */
export function lineFinder(
  document: Document.Parsed,
  lines: LineCounter,
): (path: readonly PropertyKey[]) => number | undefined {
  return (path) => {
    let at: unknown = document.contents;
    let offset = startOf(at);
    for (const key of path) {
      const next = stepInto(at, key);
      if (next === undefined) break;
      offset = next.offset ?? offset;
      at = next.node;
    }
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
}

function stepInto(node: unknown, key: PropertyKey): { node: unknown; offset?: number | undefined } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { node: item, offset: startOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(key));
  return pair === undefined ? undefined : { node: pair.value, offset: startOf(pair.key) };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
