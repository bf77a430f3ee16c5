import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readRecording } from '../../fixtures/recordings/load.ts';
import type { Trace } from '../model/trace.ts';
import { DumpStream } from './dump-stream.ts';
import { ParallelDump } from './parallel-dump.ts';
import { TraceWorkers } from './trace-workers.ts';

const { data } = readRecording('drop-all-reviews').legacy as { data: { traceID: string; spans: object[] }[] };
const texts = data.map((trace) => JSON.stringify(trace));
const threads = new TraceWorkers();
afterAll(() => threads.stop());

async function outcome(read: () => Promise<readonly Trace[] | undefined>): Promise<string> {
  try {
    return JSON.stringify(await read()) ?? 'other JSON';
  } catch (error) {
    return String(error);
  }
}

function alone(bytes: Buffer): Promise<string> {
  return outcome(async () => {
    const dump = new DumpStream('a.json', undefined, true);
    dump.push(bytes);
    return dump.end();
  });
}

function inThreads(bytes: Buffer, pieceBytes: number): Promise<string> {
  return outcome(async () => {
    const dump = new ParallelDump(new DumpStream('a.json'), threads);
    try {
      for (let at = 0; at < bytes.length; at += pieceBytes) await dump.push(bytes.subarray(at, at + pieceBytes));
      return await dump.end();
    } finally {
      await dump.stop();
    }
  });
}

describe('a dump that two threads read gives and refuses the same as one that is read trace by trace', () => {
  const answer = (list: string) => `{"data":[\n${list}\n],"errors":null}\n`;
  const nested = JSON.stringify({ ...data[0], warnings: [JSON.parse(texts[1] ?? '')] });
  const inTag = JSON.stringify({ ...data[0], more: texts[1] });

  it.each<[string, string]>([
    ['traces with commas and spaces between', answer(texts.join(' ,\n '))],
    ['a bare list', `[${texts.join(',')}]`],
    ['a trace in a trace', answer([texts[2], nested, texts[3]].join(','))],
    ['a trace in a text', answer([texts[2], inTag, texts[3]].join(','))],
    ['two answers', answer(texts.slice(0, 3).join(',')) + answer(texts.slice(3).join(','))],
    ['an answer that names an error', answer(texts.join(',')).replace('"errors":null', '"errors":[{"msg":"cut"}]')],
    ['spaces in a trace', answer([texts[0], JSON.stringify(data[1], null, 2), texts[2]].join(','))],
    ['a comma that is missing', answer(`${texts[0]}${texts[1]},${texts[2]}`)],
    ['a comma too many', answer(`${texts[0]},,${texts[1]}`)],
    ['a comma at the end', answer(`${texts.join(',')},`)],
    ['an end that is cut', answer(texts.join(',')).slice(0, -5000)],
    ['a span without an id', answer([texts[0], texts[1]?.replace('"spanID"', '"spanId"'), texts[2]].join(','))],
    ['other JSON', JSON.stringify({ data: [], note: texts })],
  ])('%s', async (_, text) => {
    const bytes = Buffer.from(text);
    const expected = await alone(bytes);
    for (const pieceBytes of [4000, 30_000]) expect(await inThreads(bytes, pieceBytes)).toBe(expected);
  });

  it('whatever byte is changed', async () => {
    const text = answer(texts.slice(0, 4).join(',\n'));
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...'"\\{}[],:0 x'), async (at, letter) => {
        const bytes = Buffer.from(text.slice(0, at) + letter + text.slice(at + 1));
        expect(await inThreads(bytes, 8000)).toBe(await alone(bytes));
      }),
      { numRuns: 20 },
    );
  });
});
