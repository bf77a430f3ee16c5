import type { Capture } from '../model/capture.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { FindingCollector } from './finding-collector.ts';

/** The probes of the plan: those that a part sent to show that waiting was long enough are not judged. */
export function withoutControls(capture: Capture): Capture {
  const isControl = ({ probe }: Capture['exchanges'][number]) => probe.control === true;
  const plan = capture.plan.filter(({ control }) => control !== true);
  const controls = new Set(capture.exchanges.filter(isControl).map(({ probe }) => probe.id));
  if (controls.size === 0 && plan.length === capture.plan.length) return capture;
  return {
    ...capture,
    plan,
    exchanges: capture.exchanges.filter((exchange) => !isControl(exchange)),
    traces: capture.traces.filter(({ probe }) => !controls.has(probe)),
    fragments: capture.fragments.filter(({ probe }) => !controls.has(probe)),
  };
}

/** Why a capture that has all its records is not the whole run; undefined: it is. */
export function whyNotWhole(capture: Capture): Fact | undefined {
  const missing = missingParts(capture);
  if (missing !== undefined) return missing;
  return differing(capture)[0];
}

/** Parts of one run that is not here as a whole, or of which the parts do not fit together. */
export function noteParts(capture: Capture, collector: FindingCollector): void {
  const missing = missingParts(capture);
  if (missing !== undefined)
    collector.note({
      code: 'HC726',
      subject: { kind: 'mesh' },
      expected: { kind: 'all-parts', parts: missing.of },
      received: missing,
      of: missing.of,
      affected: missing.missing.length,
    });
  for (const received of differing(capture))
    collector.note({
      code: 'HC727',
      subject: { kind: 'mesh' },
      expected: { kind: 'equal-parts' },
      received,
      of: capture.parts?.length ?? 1,
    });
}

function missingParts({ parts }: Capture): Extract<Fact, { kind: 'parts-missing' }> | undefined {
  const of = parts?.[0]?.of ?? 1;
  const present = new Set(parts?.map(({ index }) => index) ?? [1]);
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !present.has(index));
  return missing.length === 0 ? undefined : { kind: 'parts-missing', missing: missing.map(String), of };
}

function differing({ parts = [] }: Capture): readonly Extract<Fact, { kind: 'part-differs' }>[] {
  return parts.flatMap(({ index, differs }) =>
    differs === undefined ? [] : [{ kind: 'part-differs' as const, part: String(index), in: [...differs] }],
  );
}
