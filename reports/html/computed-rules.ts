import { SNIPPETS } from '../../harness/model/snippets.ts';
import { ROOMS } from './map.ts';
import { DEEPEST } from './shared/span-name.ts';

const DEPTHS = Array.from({ length: DEEPEST + 1 }, (_, depth) => depth);
/** The panels stand behind the list of tabs, which is a div too. */
const TABS = [...new Set(Object.values(SNIPPETS).map(({ language }) => language))].map((_, index) => index + 1);
/** As levelsClass makes them; up to the first, a step has its full width. */
const LEVELS = Array.from({ length: (DEEPEST + 1) / 10 }, (_, tens) => (tens + 1) * 10);

/**
 * The rules that repeat for each value of a class: `room-48` where a map fits, and `depth-3` and `levels-20` for the
 * indentation of a span. Nothing may be styled in place, so each value needs a class. All else is in styles/.
 */
export function computedRules(): string {
  return [
    ...ROOMS.map(
      (room) =>
        `@container (min-width: ${room}rem) { .lying.room-${room}, .upright.room-${room} { display: block; } .upright.room-${room} + .outline, .lying.room-${room} ~ :is(.upright, .outline) { display: none; } }`,
    ),
    ...TABS.map(
      (tab) => `.tabs:has(label:nth-child(${tab}) :checked) > .tab-panel:nth-of-type(${tab + 1}) { display: block; }`,
    ),
    ...LEVELS.map((levels) => `.levels-${levels} { --levels: ${levels}; }`),
    ...DEPTHS.map((depth) => `.depth-${depth} { --depth: ${depth}; }`),
  ].join('\n');
}
