import type { Fact } from '../model/facts/facts.ts';
import type { Cause } from '../model/finding.ts';
import { calledAddress, type Span } from '../model/span.ts';
import type { HopFacts } from './hop-facts.ts';

/** An answered call without a SERVER span. */
interface Gap {
  readonly service: string;
  readonly causes: readonly Cause[];
  readonly received: Fact;
  /** The call. */
  readonly span: Span;
}

/** Calls to one address: so few may have lost their SERVER spans by accident. */
const LEAST_CALLS = 2;

/**
 * Finds the one pod of a service that makes no spans: every call without a SERVER span went to one address, and none that
 * has one went there. Such a service does not lose spans now and then, though its other pods are seen.
 * @param facts of every hop of the run
 * @param causes that explain a pod without spans
 */
export function withSilentPods<One extends Gap>(
  silent: readonly One[],
  facts: HopFacts,
  causes: readonly Cause[],
): readonly One[] {
  return [...Map.groupBy(silent, ({ service }) => service)].flatMap(([service, gaps]) => {
    const address = onlyAddress(gaps);
    if (address === undefined || gaps.length < LEAST_CALLS || answersAt(address, service, facts)) return gaps;
    return gaps.map((gap): One => {
      const { received } = gap;
      if (received.kind !== 'service-silent') return gap;
      if (received.evidence !== 'other-traces') return { ...gap, received: { ...received, address } };
      const rest = gap.causes.filter((cause) => cause !== 'spans-lost');
      return { ...gap, causes: [...causes, ...rest], received: { ...received, evidence: 'one-address', address } };
    });
  });
}

function onlyAddress(gaps: readonly Gap[]): string | undefined {
  const [first, ...others] = gaps.map(({ span }) => calledAddress(span));
  return others.every((address) => address === first) ? first : undefined;
}

/** A call to this address has a SERVER span. */
function answersAt(address: string, service: string, facts: HopFacts): boolean {
  return facts.some(
    ({ hop: { callee, half, clientSpan } }) =>
      callee === service && half === undefined && clientSpan !== undefined && calledAddress(clientSpan) === address,
  );
}
