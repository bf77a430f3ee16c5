import { expect, it } from 'vitest';
import { axisX, PICTURE_WIDTH, svg } from './picture.ts';
import { logScale } from './scale.ts';
import { toText } from './to-text.ts';

it('the words of a tick at the edge stay within the picture', () => {
  const scale = logScale(1000, 100_000, [4, PICTURE_WIDTH - 4]);
  const drawn = toText(
    svg(
      '',
      120,
      axisX(scale, 0, 100, () => '100 ms'),
    ),
  );
  const [left = 0, , width = 0] = (/viewBox="([^"]*)"/.exec(drawn)?.[1] ?? '').split(' ').map(Number);
  const places = [...drawn.matchAll(/ x="(-?[\d.]+)"/g)].map(([, place]) => Number(place));
  expect(places).toHaveLength(scale.ticks.length);
  expect(places[0]! - left).toBeGreaterThan(20);
  expect(left + width - places.at(-1)!).toBeGreaterThan(20);
});
