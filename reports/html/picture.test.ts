import { expect, it } from 'vitest';
import { axisX, PICTURE_WIDTH } from './picture.ts';
import { logScale } from './scale.ts';
import { toText } from './to-text.ts';

it('keeps the words of a tick at the edge within the picture', () => {
  const scale = logScale(1000, 100_000, [4, PICTURE_WIDTH - 4]);
  const places = toText(axisX(scale, 0, 100, () => '100 ms')).match(/ x="[\d.]+"/g) ?? [];
  const [first, ...others] = places.map((place) => Number(/[\d.]+/.exec(place)?.[0]));
  expect(places).toHaveLength(scale.ticks.length);
  expect(first).toBeGreaterThan(20);
  expect(others.at(-1)).toBeLessThan(PICTURE_WIDTH - 20);
});
