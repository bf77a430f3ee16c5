import { createWriteStream, type WriteStream } from 'node:fs';
import { readRecording, readV3 } from '../fixtures/recordings/load.ts';
import { zipkinSpans } from '../fixtures/testing/zipkin-spans.ts';

/** How a dump of the bench is written. */
export type DumpFormat = 'jaeger' | 'otlp' | 'zipkin';
export const DUMP_FORMATS: readonly DumpFormat[] = ['jaeger', 'otlp', 'zipkin'];

/** The spans of one recorded process or trace, as JSON. */
interface Piece {
  readonly text: string;
  readonly spans: number;
  /** So many copies later than the first of its trace. */
  readonly late: number;
}

interface Layout {
  readonly pieces: readonly Piece[];
  readonly first: string;
  readonly between: string;
  readonly last: string;
}

/**
 * Copies of a recorded run's traces, each with times and ids that no other has. `jaeger` has one trace per line. `otlp` has one
 * batch of a process per line, as a collector writes them, and `zipkin` one list of spans; in both the spans of a trace
 * lie up to 30 MiB apart.
 * @returns how many spans
 */
export async function writeDump(path: string, format: DumpFormat, bytes: number): Promise<number> {
  const { pieces, first, between, last } = layoutOf(format);
  const file = createWriteStream(path, { mode: 0o600 });
  let written = 0;
  let spans = 0;
  file.write(first);
  const latest = Math.max(...pieces.map(({ late }) => late));
  /** Of the copies that have begun. */
  const owed = pieces.reduce((sum, { text, late }) => sum + text.length * late, 0);
  let end = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn <= end + latest; turn += 1) {
    for (const piece of pieces) {
      const copy = turn - piece.late;
      if (copy < 0 || copy > end) continue;
      const text = `${written === 0 ? '' : between}${copyOf(piece.text, copy)}`;
      written += text.length;
      spans += piece.spans;
      await put(file, text);
    }
    // All copies that have begun are finished.
    if (end === Number.POSITIVE_INFINITY && written + owed >= bytes) end = turn;
  }
  await new Promise<void>((resolve) => file.end(last, () => resolve()));
  return spans;
}

/** A line of such a dump as JSON; undefined: it has no spans. */
export function lineAsJson(line: string, format: DumpFormat): string | undefined {
  if (!/"trace(?:ID|Id)"/.test(line)) return undefined;
  const json = line.replace(/,$/, '');
  return format === 'zipkin' ? `[${json}]` : json;
}

function layoutOf(format: DumpFormat): Layout {
  const piecesOf = <T>(items: readonly T[], spansOf: (item: T) => number, lateOf: (item: T) => number) =>
    items.map((item) => ({ text: JSON.stringify(item), spans: spansOf(item), late: lateOf(item) }));
  if (format === 'jaeger') {
    const { data } = readRecording('healthy-60').legacy as { data: { spans: unknown[] }[] };
    const pieces = piecesOf(
      data,
      ({ spans }) => spans.length,
      () => 0,
    );
    return { pieces, first: '{"data":[\n', between: ',\n', last: '\n],"errors":null}\n' };
  }
  const groups = groupsByService();
  if (format === 'otlp') {
    const batches = groups.map((group) => ({ resourceSpans: [group] }));
    const pieces = piecesOf(
      batches,
      ({ resourceSpans: [group] }) => group?.scopeSpans[0]?.spans.length ?? 0,
      ({ resourceSpans: [group] }) => lateness(groups, group),
    );
    return { pieces, first: '', between: '\n', last: '\n' };
  }
  const pieces = piecesOf(
    groups.map((group) => ({ group, spans: zipkinSpans({ resourceSpans: [group] }) })),
    ({ spans }) => spans.length,
    ({ group }) => lateness(groups, group),
  ).map((piece) => ({
    ...piece,
    text: JSON.stringify((JSON.parse(piece.text) as { spans: unknown }).spans).slice(1, -1),
  }));
  return { pieces, first: '[\n', between: ',\n', last: '\n]\n' };
}

interface Group {
  readonly resource: unknown;
  readonly scopeSpans: { readonly scope: object; readonly spans: unknown[] }[];
}

/** The spans of each process in one group, as a collector batches them. */
function groupsByService(): readonly Group[] {
  const { result } = readV3('healthy-60') as { result: { resourceSpans: Group[] } };
  const groups = new Map<string, Group>();
  for (const { resource, scopeSpans } of result.resourceSpans) {
    const name = JSON.stringify(resource);
    const group = groups.get(name) ?? { resource, scopeSpans: [{ scope: {}, spans: [] }] };
    groups.set(name, group);
    for (const { spans } of scopeSpans) group.scopeSpans[0]?.spans.push(...spans);
  }
  return [...groups.values()];
}

/** Copies between the first process of the list and this one. */
const COPIES_APART = 30;

function lateness(groups: readonly Group[], group: Group | undefined): number {
  return COPIES_APART * (group === undefined ? 0 : groups.indexOf(group));
}

async function put(file: WriteStream, text: string): Promise<void> {
  if (!file.write(text)) await new Promise<void>((resolve) => file.once('drain', () => resolve()));
}

const IDS = /"(trace(?:ID|Id))":"[0-9a-f]{8}/g;
const REQUEST_ID = /[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g;
const BETWEEN_COPIES_S = 5;

function copyOf(text: string, copy: number): string {
  const digits = copy.toString(16).padStart(8, '0');
  const later = copy * BETWEEN_COPIES_S;
  return text
    .replace(IDS, (_, key: string) => `"${key}":"${digits}`)
    .replace(REQUEST_ID, digits)
    .replace(/"(startTime|timestamp)":(\d+)/g, (_, key: string, at: string) => `"${key}":${Number(at) + later * 1e6}`)
    .replace(
      /"(\w+TimeUnixNano|timeUnixNano)":"(\d+)(\d{9})"/g,
      (_, key: string, s: string, rest: string) => `"${key}":"${Number(s) + later}${rest}"`,
    )
    .replace(
      /("key":"user_agent",(?:"type":"string",)?"value":(?:\{"stringValue":)?"|"user_agent":")/g,
      `$1c${digits}-`,
    );
}
