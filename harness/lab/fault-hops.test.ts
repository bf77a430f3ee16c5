import { describe, expect, it } from 'vitest';
import { bookinfo } from '../applications/bookinfo.ts';
import { refuseIdleFaults } from './fault-hops.ts';
import { parseFault } from './faults.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const refuse = (text: string, application = bookinfo.definition) =>
  refuseIdleFaults([parseFault(text, SERVICES)], application);

describe('a fault on a call', () => {
  it.each(['drop-all:productpage->details', 'strip:reviews->ratings', 'drop-all:reviews-v3->ratings', 'down:ratings'])(
    'is played where the application makes it: %s',
    (text) => {
      expect(() => refuse(text)).not.toThrow();
    },
  );

  it.each([
    [
      'drop-all:productpage->ratings',
      'productpage does not call ratings: it calls details, reviews, e.g. productpage->details',
    ],
    ['strip:details->ratings', 'details does not call ratings: it calls no service'],
    ['drop-all:reviews-v1->ratings', 'reviews v1 does not call ratings: only its versions v2, v3 do'],
  ])('is refused where the application does not: %s', (text, why) => {
    expect(() => refuse(text)).toThrow(`--fault '${text}': ${why}`);
  });

  it.each(['strip', 'abort', 'delay'])('is refused where the call goes through the gateway: %s', (kind) => {
    const calls = bookinfo.definition.calls.map((call) =>
      call.callee === 'details' ? { ...call, through: true as const } : call,
    );
    const argument = kind === 'strip' ? '' : ':503';
    expect(() => refuse(`${kind}:productpage->details${argument}`, { ...bookinfo.definition, calls })).toThrow(
      `productpage calls details through istio-ingressgateway, where the lab cannot play ${kind}; expected a direct call: ${kind}:productpage->reviews`,
    );
  });

  it('is played there where the application makes it: it knows whom it calls', () => {
    const calls = bookinfo.definition.calls.map((call) => ({ ...call, through: true as const }));
    expect(() => refuse('drop-all:productpage->details', { ...bookinfo.definition, calls })).not.toThrow();
  });
});
