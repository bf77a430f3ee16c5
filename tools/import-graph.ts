/** Which file imports which others, by path. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** What is loaded with this file, itself included. */
export function loadedBy(start: string, graph: Graph): string[] {
  const loaded = new Set([start]);
  for (const file of loaded) for (const next of graph.get(file) ?? []) loaded.add(next);
  return [...loaded];
}

/** A shortest circle through each module that is in one; modules of a circle that was found begin no other. */
export function circlesOf(graph: Graph): string[][] {
  const circles: string[][] = [];
  const seen = new Set<string>();
  for (const file of graph.keys()) {
    if (seen.has(file)) continue;
    const circle = wayBackTo(file, graph);
    if (circle === undefined) continue;
    circles.push(circle);
    for (const one of circle) seen.add(one);
  }
  return circles;
}

function wayBackTo(start: string, graph: Graph): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let file = queue.shift(); file !== undefined; file = queue.shift())
    for (const next of graph.get(file) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      if (next !== start) queue.push(next);
    }
  if (!cameFrom.has(start)) return undefined;
  const way = [start];
  for (let file = cameFrom.get(start); file !== undefined && file !== start; file = cameFrom.get(file))
    way.unshift(file);
  return [start, ...way];
}
