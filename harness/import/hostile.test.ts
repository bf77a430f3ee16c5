import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording, readV3, toRequestList } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { decodeCapture } from '../capture/decode.ts';
import { CaptureEncoder } from '../capture/encode.ts';
import { partsOf } from '../capture/part.ts';
import { importCapture } from './import-capture.ts';
import { ImportError } from './import-error.ts';
import { readDump } from './read-dump.ts';
import { readRequests } from './requests.ts';

const SCENARIO = 'drop-all-reviews';
const recording = readRecording(SCENARIO);
const list = JSON.stringify(toRequestList(recording));
const DUMPS: Readonly<Record<string, unknown>> = {
  legacy: { data: (recording.legacy as { data: unknown[] }).data.slice(0, 3) },
  v3: {
    result: {
      resourceSpans: (readV3(SCENARIO) as { result: { resourceSpans: unknown[] } }).result.resourceSpans.slice(0, 12),
    },
  },
};

/** Reads, imports, writes, reads again and judges; whatever is wrong with the files must be an ImportError. */
function goThrough(dump: string, requests: string | undefined, complete: boolean): 'refused' | 'no traces' | string {
  try {
    const traces = readDump(dump, 'dump.json');
    const listed = requests === undefined ? undefined : readRequests(requests, 'sent.json');
    if (traces === undefined) return 'no traces';
    const capture = importCapture({
      application: bookinfo,
      traces,
      files: 1,
      complete,
      ...(listed !== undefined && { requests: listed }),
      expectations: { flushMs: { value: 5000, source: 'default', from: 'default' } },
      hopcheck: 'test',
    });
    const encoder = new CaptureEncoder();
    const read = decodeCapture([...partsOf(capture)].map((part) => encoder.encode(part)).join(''));
    // As JSON has it: without -0.
    expect(read).toEqual(JSON.parse(JSON.stringify(capture)));
    const report = reportOf(read, { detail: true });
    // A promise whose judge crashed says so.
    expect(report.promises.flatMap(({ findings }) => findings).filter(({ code }) => code === 'HC714')).toEqual([]);
    return report.verdict;
  } catch (error) {
    if (error instanceof ImportError) return 'refused';
    throw error;
  }
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1e308,
    '',
    'x',
    '__proto__',
    [],
    {},
    true,
    [[]],
    'f'.repeat(99),
    '9'.repeat(400),
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
);
const spoil = (json: unknown, which: number, value: unknown): string => {
  const copy = structuredClone(json);
  const places = placesIn(copy);
  const place = places[which % places.length];
  if (place !== undefined) place.holder[place.key] = value;
  return JSON.stringify(copy);
};

describe.each(Object.entries(DUMPS))('a %s dump', (_api, json) => {
  const text = JSON.stringify(json);

  it('is refused wherever it is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (at) => {
        expect(goThrough(text.slice(0, at), undefined, true)).toBe('refused');
      }),
      { numRuns: 300 },
    );
  });

  it('with any value replaced is refused or judged, and never makes hopcheck crash', () => {
    fc.assert(
      fc.property(fc.nat(), odd, fc.boolean(), fc.boolean(), (which, value, withList, complete) => {
        goThrough(spoil(json, which, value), withList ? list : undefined, complete);
      }),
      { numRuns: 400 },
    );
  });

  it('with changed bytes is refused or judged, and never makes hopcheck crash', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, other) => {
        goThrough(text.slice(0, at) + other + text.slice(at + other.length), undefined, false);
      }),
      { numRuns: 300 },
    );
  });
});

it('any JSON at all is refused or judged', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })), (text) => {
      expect(goThrough(text, undefined, true)).not.toBe('pass');
    }),
    { numRuns: 500 },
  );
});

it('a list of requests with any value replaced, or cut, is refused or judged', () => {
  const dump = JSON.stringify(DUMPS.legacy);
  fc.assert(
    fc.property(fc.nat(), odd, (which, value) => {
      goThrough(dump, spoil(JSON.parse(list), which, value), true);
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: list.length - 1 }), (at) => {
      expect(goThrough(dump, list.slice(0, at), true)).toBe('refused');
    }),
    { numRuns: 100 },
  );
});
