import { describe, expect, it } from 'vitest';
import type { ContractCapture, UpstreamCall } from '../../model/contract.ts';
import type { JudgedFinding } from '../../model/finding.ts';
import { newIdentity, type Pairs, usualHeaders } from './identity.ts';
import { judgeContract } from './judge-contract.ts';
import { countingHex, madeCapture, withCalls } from './testing.ts';

/** Five requests alone, then so many at once. @param send what the call of each of these carries, by its number. */
function inFlight(
  requests: number,
  send: (headers: readonly Pairs[], index: number) => Pairs | undefined,
): ContractCapture {
  const base = madeCapture();
  const random = countingHex();
  for (let skipped = 0; skipped < 30; skipped += 1) random(16);
  const exchanges = Array.from({ length: requests }, (_, index) => ({
    id: `i${index}`,
    phase: 'isolation' as const,
    headers: usualHeaders(base.required, newIdentity(random)).map(([name, value]) => [name, value] as const),
    ...{ sentMs: 1000, answeredMs: 1010, status: 200 },
  }));
  const all = exchanges.map(({ headers }) => headers);
  const [template] = base.calls;
  const calls = exchanges.flatMap((_, index): UpstreamCall[] => {
    const headers = send(all, index);
    if (headers === undefined) return [];
    const { during: _during, ...rest } = template!;
    return [{ ...rest, number: 100 + index, headers: headers.map(([name, value]) => [name, value] as const) }];
  });
  return { ...base, exchanges: [...base.exchanges, ...exchanges], calls: [...base.calls, ...calls] };
}

const found = (capture: ContractCapture): readonly JudgedFinding[] =>
  judgeContract(capture).promises.flatMap(({ findings }) => findings);

describe('many requests at once', () => {
  it('that keep their headers apart pass', () => {
    expect(judgeContract(inFlight(20, (all, index) => all[index]!))).toMatchObject({ verdict: 'pass' });
  });

  it('of which one carries the ids of another are named as a pair', () => {
    const capture = inFlight(20, (all, index) => all[index === 7 ? 3 : index]!);
    expect(found(capture)).toMatchObject([
      { code: 'HC504', facts: { received: { missing: ['i7'], doubled: ['i3'], missingCount: 1, doubledCount: 1 } } },
    ]);
  });

  it('of which many are mixed are two sets, with at most five examples of each', () => {
    const [finding] = found(inFlight(20, (all, index) => all[index - (index % 2)]!));
    const received = finding!.facts.received;
    expect(received).toMatchObject({ kind: 'headers-foreign', missingCount: 10, doubledCount: 10 });
    if (received.kind === 'headers-foreign')
      expect([received.missing?.length, received.doubled?.length]).toEqual([5, 5]);
  });

  it('that make fewer calls than alone are not accused: a service may answer from a cache', () => {
    expect(judgeContract(inFlight(20, (all, index) => (index % 2 === 0 ? all[index]! : undefined)))).toMatchObject({
      verdict: 'pass',
    });
  });

  it('that lose a header only then are found', () => {
    const capture = inFlight(20, (all, index) =>
      index > 10 ? all[index]!.filter(([name]) => name !== 'traceparent') : all[index]!,
    );
    expect(found(capture)).toMatchObject([
      { code: 'HC501', facts: { received: { kind: 'headers-lost', where: 'in-flight', share: { calls: 9, of: 20 } } } },
    ]);
  });
});

describe('a call that comes after the next request', () => {
  it('belongs to the request whose ids it carries, where that one still lacks a call', () => {
    const base = withCalls(madeCapture(), (headers) => headers);
    const late = base.calls.map((call, index) => (index === 0 ? { ...call, during: 'c002', arrivedMs: 205 } : call));
    expect(judgeContract({ ...base, calls: late })).toMatchObject({ verdict: 'pass' });
  });
});
