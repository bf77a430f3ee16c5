import { expect, it } from 'vitest';
import type { Trouble } from '../../learn/trouble.ts';
import { whyRefused } from './words.ts';

const troubles = (...kinds: Trouble['kind'][]) => kinds.map((kind): Trouble => ({ kind, requests: 1, of: 20 }));

it.each([
  ['only what may be right', ['no-server', 'answers'], / yet, .* whether this is right\. Where it is, add the line/],
  ['a fault', ['lost-context'], /^, because the traces show a fault$/],
  ['a fault beside what may be right', ['failing', 'refused'], /^, because the traces show a fault\. Where a call /],
  ['traces that are not whole', ['gateway-end', 'lost-spans'], /^ yet, because the traces are not whole$/],
  ['such traces beside what may be right', ['no-client', 'no-server'], /^ yet, .* are not whole\. Where a call /],
  ['too few traces', ['too-few', 'no-traces'], /^$/],
] as const)('why nothing is learnt accuses the mesh of no more than is seen: %s', (_, kinds, text) => {
  expect(whyRefused(troubles(...kinds))).toMatch(text);
});
