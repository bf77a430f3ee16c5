import { expect, it } from 'vitest';
import type { Exchange } from '../model/exchange.ts';
import { arrivals } from './arrivals.ts';

const requests = ['b3', 'w3c', 'b3', 'w3c', 'b3'].map(
  (format, index) => ({ probe: { id: `f${index}`, format } }) as unknown as Exchange,
);
const seeing = (...ids: readonly string[]) =>
  arrivals({ requests, spansSeen: Object.fromEntries(ids.map((id) => [id, 3])) });

it('arrivals are counted by the formats that the mesh reads', () => {
  expect(seeing('f0', 'f2', 'f4')).toEqual({ seen: 3, asked: 3, formats: ['b3'], unread: ['w3c'] });
  expect(seeing('f0', 'f1', 'f2', 'f4')).toEqual({ seen: 4, asked: 5, formats: ['b3', 'w3c'], unread: [] });
  expect(seeing('f3')).toEqual({ seen: 1, asked: 2, formats: ['w3c'], unread: ['b3'] });
  expect(seeing()).toEqual({ seen: 0, asked: 0, formats: [], unread: ['b3', 'w3c'] });
});
