import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import type { Capture } from '../model/capture.ts';
import { PackedSpan } from '../model/packed-spans.ts';
import { decodeCapture } from './decode.ts';
import { CaptureEncoder } from './encode.ts';
import { CaptureLines, type LinesOptions } from './lines.ts';
import { CaptureError, partsOf } from './part.ts';
import { PieceWorkers } from './piece-workers.ts';

const encoder = new CaptureEncoder();
const text = [...partsOf(toCapture(readRecording('drop-all-reviews')))].map((part) => encoder.encode(part)).join('');
const workers = new PieceWorkers();
afterAll(() => workers.stop());

async function read(bytes: Buffer, chunk: number, options: LinesOptions = {}): Promise<Capture> {
  const lines = new CaptureLines('a.capture', options);
  for (let at = 0; at < bytes.length; at += chunk) await lines.push(bytes.subarray(at, at + chunk));
  return await lines.end();
}

/** Packed spans say the same as others, in another form. */
const plain = (capture: Capture) => JSON.parse(JSON.stringify(capture)) as unknown;

/** What it gives or refuses. */
async function outcome(given: () => Capture | Promise<Capture>): Promise<unknown> {
  try {
    return plain(await given());
  } catch (error) {
    return String(error);
  }
}

/** From their bytes on one thread, and in two threads; pieces of one line, of a few, and of all lines. */
async function expectSame(bytes: Buffer, chunks: readonly number[] = [1000, 20_000]): Promise<void> {
  const expected = await outcome(() => decodeCapture(bytes.toString('utf8'), 'a.capture'));
  for (const options of [{}, { workers }])
    for (const pieceBytes of [1, 30_000, undefined])
      for (const chunk of chunks) {
        const given = { ...options, ...(pieceBytes !== undefined && { pieceBytes }) };
        expect(await outcome(() => read(bytes, chunk, given))).toEqual(expected);
        // Nothing of a reading that failed is left for the next one.
        while ((await workers.take()) !== undefined);
      }
}

describe('a capture that comes piece by piece', () => {
  it.each([7, 1000, 65_536])('is what it is at once, in pieces of %i bytes', async (chunk) => {
    await expectSame(Buffer.from(text), [chunk]);
  });

  it('has its spans read from their bytes, also in threads', async () => {
    for (const options of [{}, { workers }]) {
      const { traces } = await read(Buffer.from(text), 20_000, { pieceBytes: 20_000, ...options });
      expect(traces.length).toBeGreaterThan(0);
      for (const { spans } of traces) expect(spans.every((span) => span instanceof PackedSpan)).toBe(true);
    }
  });

  it('is cut where it ends early', async () => {
    const bytes = Buffer.from(text).subarray(0, -20);
    await expectSame(bytes);
    expect((await read(bytes, 1000, { workers })).end).toBe('cut');
  });

  it('is refused where the file is something else', async () => {
    await expect(read(Buffer.from('{"data": []}\n'), 5)).rejects.toThrow(CaptureError);
    const lines = new CaptureLines('traces.json');
    const piece = Buffer.alloc(64 * 2 ** 20, 'x');
    await expect(async () => {
      for (let times = 0; times < 5; times += 1) await lines.push(piece);
    }).rejects.toThrow(/traces\.json is not a capture.*hopcheck import traces\.json --judge/);
  });
});

describe('lines that two threads read give and refuse the same as those of a text', () => {
  const lines = text.trimEnd().split('\n');
  const at = Math.floor(lines.length / 2);
  const traceAt = lines.findIndex((line) => line.startsWith('{"type":"trace"'));
  const trace = lines[traceAt] ?? '';
  const withLine = (line: string, place = at) => `${lines.toSpliced(place, 0, line).join('\n')}\n`;
  const replaced = (from: string | RegExp, to: string) =>
    `${lines.with(traceAt, trace.replace(from, to)).join('\n')}\n`;

  it.each<[string, string]>([
    ['a line in the middle that is not JSON', withLine('{"type":"trace","trace":{')],
    ['the first line broken, and another one behind', `x\n${withLine('y')}`],
    ['two broken lines', withLine('x', at).replace('"type":"end"', '"type":end')],
    ['a line without a type', withLine('{"trace":{}}')],
    ['a list', withLine('[]')],
    ['lines of unknown types', withLine('{"type":"later","spans":[{}]}', 1)],
    ['a line of space', withLine(' ')],
    ['empty lines', withLine('\n\n\n')],
    ['no end behind the last line', text.trimEnd()],
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['a last trace that is cut', `${lines.slice(0, traceAt).join('\n')}\n${trace.slice(0, -100)}`],
    ['a last trace without an end', `${lines.slice(0, traceAt).join('\n')}\n${trace}`],
    ['a trace before the head', `${trace}\n${text}`],
    ['two runs', `${text}${text}`],
    ['no head', lines.slice(1).join('\n')],
    ['another schema', text.replace('hopcheck/capture@1', 'hopcheck/capture@9')],
    ['a trace longer than a piece', replaced('"tags":{', `"tags":{"long":"${'x'.repeat(200_000)}",`)],
    ['letters of several bytes', replaced('"tags":{', '"tags":{"ä":"„ö“ \u{1F30D}",')],
    ['a text with escapes', replaced('"tags":{', '"tags":{"a\\"b":"\\u0041\\n\\\\",')],
    ['spaces in a trace', replaced(trace, JSON.stringify(JSON.parse(trace), null, 1).replaceAll('\n', ' '))],
    ['spans twice', replaced('"spans":', '"spans":[],"spans":')],
    ['no spans', replaced(/"spans":\[.*\]/, '"spans":[]')],
    ['a span without an id', replaced('"id":', '"Id":')],
    ['a trace with another field', replaced('"spans":', '"more":[1,{"spans":[]}],"spans":')],
    ['a trace whose reason is a number', replaced(/"reason":"[^"]*"/, '"reason":7')],
    ['nothing', ''],
    ['line ends', '\n\n'],
  ])('%s', async (_, given) => {
    await expectSame(Buffer.from(given));
  });

  it('bytes that are not UTF-8', async () => {
    const bytes = Buffer.from(replaced('"tags":{', '"tags":{"bad":"@@",'));
    const place = bytes.indexOf('@@');
    for (const [one, other] of [
      [0xe2, 0x82],
      [0xff, 0x41],
    ] as const) {
      bytes[place] = one;
      bytes[place + 1] = other;
      await expectSame(bytes);
      await expectSame(Buffer.concat([bytes.subarray(0, place + 1), Buffer.from('\n'), bytes.subarray(place + 1)]));
    }
  });

  it('whatever byte is changed', async () => {
    const few = `${[...lines.slice(0, 2), ...lines.slice(traceAt, traceAt + 3)].join('\n')}\n`;
    await fc.assert(
      fc.asyncProperty(fc.nat(few.length - 1), fc.constantFrom(...'"\\{}[],:0 x\n'), async (place, letter) => {
        await expectSame(Buffer.from(few.slice(0, place) + letter + few.slice(place + 1)), [3000]);
      }),
      { numRuns: 40 },
    );
  });

  it('a broken line before one that is too long', async () => {
    const reading = new CaptureLines('a.capture', { workers });
    await reading.push(Buffer.from(`${lines[0]}\nbroken\n`));
    const piece = Buffer.alloc(64 * 2 ** 20, 'x');
    await expect(async () => {
      for (let times = 0; times < 5; times += 1) await reading.push(piece);
    }).rejects.toThrow(/line 2: not JSON/);
  });
});
