import { ROOMS } from './map.ts';
import { DEEPEST } from './shared/span-name.ts';

const DEPTHS = Array.from({ length: DEEPEST + 1 }, (_, depth) => depth);
/** As levelsClass makes them; up to the first, a step has its full width. */
const LEVELS = Array.from({ length: (DEEPEST + 1) / 10 }, (_, tens) => (tens + 1) * 10);

/**
 * The rules that repeat for each value of a class: `room-48` where a lying map fits, and `depth-3` and `levels-20` for the
 * indentation of a span. Nothing may be styled in place, so each value needs a class. All else is in styles/.
 */
export function computedRules(): string {
  return [
    ...ROOMS.map(
      (room) =>
        `@container (min-width: ${room}rem) { .lying.room-${room} { display: block; } .lying.room-${room} + .upright { display: none; } }`,
    ),
    ...LEVELS.map((levels) => `.levels-${levels} { --levels: ${levels}; }`),
    ...DEPTHS.map((depth) => `.depth-${depth} { --depth: ${depth}; }`),
  ].join('\n');
}
