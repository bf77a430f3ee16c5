import type { Expectations } from '../model/capture.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { ReportedVersions } from '../model/reported-versions.ts';

/** How often each version served, and how much must be wrong to be noticed: a pass says what it was able to see. */
export function versionsServed(
  { service, counts, attempts, unit, shares, test, rotation }: ReportedVersions,
  further: readonly ReportedVersions[],
  policy: Expectations['loadBalancing'],
): Fact {
  const tested = Object.entries(shares).filter(([, share]) => share.tested !== undefined);
  const found = Object.entries(shares).flatMap(([version, { found: bounds }]) =>
    bounds?.above === undefined && bounds?.below === undefined ? [] : [{ version, ...bounds }],
  );
  const turns = policy !== undefined && policy.value !== 'round-robin' ? policy.from : undefined;
  return {
    kind: 'versions-served',
    ...(further.length > 0 && { service, further: further.map(furtherServed) }),
    counts,
    attempts,
    unit,
    test: test && { pValue: test.pValue, among: amongOf(shares), tested: tested.length, found },
    noTurns: turns,
    rotation:
      turns !== undefined || rotation === undefined || rotation.of === 0
        ? undefined
        : { verdict: rotation.verdict, steps: rotation.steps, of: rotation.of },
  };
}

/**
 * A version that is missing is a separate finding; the others are then held to their shares of what is left. undefined:
 * all expected versions were tested.
 */
export function amongOf(shares: ReportedVersions['shares']): readonly string[] | undefined {
  const expected = Object.entries(shares).filter(([, share]) => share.expected !== undefined);
  const tested = expected.filter(([, share]) => share.tested !== undefined);
  return tested.length === expected.length ? undefined : tested.map(([version]) => version);
}

function furtherServed({ service, counts, attempts, unit, test }: ReportedVersions) {
  return { service, counts, attempts, unit, ...(test !== undefined && { pValue: test.pValue }) };
}
