import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonPlace } from './json-place.ts';

function placeIn(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return jsonPlace(text, error);
  }
  throw new Error('it is JSON');
}

it.each([
  ['{"rate": }', 'line 1 column 10'],
  ['{\n  "rate": }', 'line 2 column 11'],
  ['{\r\n  "rate": oops\r\n}', 'line 2 column 11'],
  ['{"a": 1 "b": 2}', 'line 1 column 9'],
  ['{"rate": 3', 'line 1 column 11'],
  ['{"rate": "x', 'line 1 column 12'],
  ['{"rate": 3,}', 'line 1 column 12'],
  ['[1, tru]', 'line 1 column 8'],
  ["{'rate': 3}", 'line 1 column 2'],
  ['', 'line 1 column 1'],
  ['rate: 3', 'line 1 column 1'],
])('%j breaks at %s', (text, place) => expect(placeIn(text)).toBe(place));

it('gives only the number of lines in a long text, except at its end', () => {
  const long = `[\n"${'x'.repeat(2 ** 20)}",\n`;
  expect(placeIn(`${long}?`)).toBe('one of its 3 lines');
  expect(placeIn(long)).toBe('line 3 column 1');
});

it('finds a stray character wherever it stands, and quotes nothing', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, seed) => {
      const line = json.length === 0 ? 0 : seed % 50;
      const text = `${'\n'.repeat(line)}[${json}, ?]`;
      const column = `[${json}, `.length + 1;
      expect(placeIn(text)).toBe(`line ${line + 1} column ${column}`);
    }),
  );
});
