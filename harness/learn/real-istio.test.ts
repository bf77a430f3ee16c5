import { describe, expect, it } from 'vitest';
import { readState } from '../../fixtures/istio/recorded-states.ts';
import { BOOKINFO } from '../applications/bookinfo.ts';
import type { Capture } from '../model/capture.ts';
import { requestsOfCapture } from './from-capture.ts';
import { type Learning, learn } from './learn.ts';

// Runs against a real Istio with its own Bookinfo (fixtures/istio/states).
function learnFrom(capture: Capture): Learning {
  const forced = new Set(
    capture.exchanges.flatMap(({ probe }) =>
      probe.purpose === 'forced-on' && probe.trial === undefined ? [probe.id] : [],
    ),
  );
  const own = { ...capture, exchanges: capture.exchanges.filter(({ probe }) => forced.has(probe.id)) };
  return learn({
    name: 'bookinfo',
    requests: [{ name: 'page', method: 'GET', path: '/productpage' }],
    traces: requestsOfCapture(own, 'page'),
    loose: capture.fragments.map(({ traceId, spans }) => ({ id: traceId, spans })),
    declared: { untraced: new Set(), external: new Set() },
    names: {},
  });
}

describe('a real Istio with its own Bookinfo', () => {
  it('is learnt as the definition of Bookinfo has it', () => {
    const { learnt, troubles } = learnFrom(readState('istiod-restart'));
    expect(troubles).toBeUndefined();
    const { calls, versions, entry, gateway } = learnt?.definition ?? {};
    expect({ calls, versions, entry, gateway }).toEqual({
      calls: { productpage: ['details', 'reviews'], reviews: BOOKINFO.calls.reviews },
      versions: BOOKINFO.versions,
      entry: BOOKINFO.entry,
      gateway: BOOKINFO.gateway,
    });
  });

  it.each([
    ['no-sidecar-details', 'no-server productpage details'],
    ['context-propagation-off', 'several-roots'],
    ['no-telemetry', 'too-few'],
    ['ratings-abort', 'failing reviews ratings'],
  ])('is refused where it is broken: %s', (state, trouble) => {
    const { troubles = [] } = learnFrom(readState(state));
    const words = troubles.map(({ kind, caller = '', callee = '' }) => `${kind} ${caller} ${callee}`.trim());
    expect(
      words.some((one) => one.startsWith(trouble)),
      words.join('; '),
    ).toBe(true);
  });
});
