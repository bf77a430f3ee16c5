import { BESIDE_NO_CONTEXT, FORMATS } from '../formats/formats.ts';
import type { ContextFormat, PlannedProbe, Probe, ProbePurpose, ProbeVariant } from '../model/exchange.ts';
import { newShortTraceId, newSpanId, newTraceId, newUuid, type RandomHex } from '../model/random-ids.ts';

/**
 * Makes a probe with a context: fresh ids, a unique marker, and the headers its purpose asks for.
 * *Forced on* is the context with sampled 1 and `x-client-trace-id`: only both together are traced on either driver at
 * any rate. *Forced off* is the context with sampled 0 (docs/facts/envoy.md#forcing).
 * @param variant another way to write the same context; one that this format does not have is left out.
 */
export function makeProbe(
  id: string,
  purpose: Exclude<ProbePurpose, 'undecided'>,
  format: ContextFormat,
  runId: string,
  random: RandomHex,
  variant?: ProbeVariant,
): Probe {
  const row = FORMATS[format];
  const used = variant === undefined ? undefined : row.variants[variant];
  const traceId = used?.isShort ? newShortTraceId(random) : newTraceId(random);
  const spanId = newSpanId(random);
  const context = { traceId, spanId, sampled: purpose === 'forced-on' };
  const force = purpose === 'forced-on' ? [['x-client-trace-id', newUuid(random)] as const] : [];
  return {
    id,
    purpose,
    format,
    marker: markerOf(id, runId),
    ...(used !== undefined && variant !== undefined && { variant }),
    traceId,
    spanId,
    headers: [...ownHeaders(id, runId), ...(used?.write(context, random) ?? row.write(context)), ...force],
  };
}

/** Makes a probe without a context: the mesh decides about it, and only its marker finds it. */
export function makeUndecided(id: string, runId: string, random: RandomHex, variant?: ProbeVariant): Probe {
  const probe = { id, purpose: 'undecided', format: 'none', marker: markerOf(id, runId) } as const;
  const headers = ownHeaders(id, runId);
  if (variant !== 'ot-span-context') return { ...probe, headers };
  return { ...probe, variant, headers: [...headers, [BESIDE_NO_CONTEXT, `${random(16)};${random(16)}`]] };
}

/** The probe that the plan asks for, in the mesh's own format where the plan names none. */
export function makePlanned(
  id: string,
  planned: PlannedProbe,
  meshFormat: ContextFormat,
  runId: string,
  random: RandomHex,
): Probe {
  const { purpose, format = meshFormat, variant, stage, request, part, control } = planned;
  const made =
    purpose === 'undecided'
      ? makeUndecided(id, runId, random, variant)
      : makeProbe(id, purpose, format, runId, random, variant);
  const probe = {
    ...made,
    ...(stage !== undefined && { stage }),
    ...(request !== undefined && { request }),
    ...(part !== undefined && { part }),
    ...(control !== undefined && { control }),
  };
  if (purpose === 'undecided') return probe;
  return format === meshFormat ? probe : { ...probe, trial: true };
}

function markerOf(id: string, runId: string): string {
  return `hopcheck-${runId}-${id}`;
}

function ownHeaders(id: string, runId: string): Probe['headers'] {
  return [
    ['user-agent', markerOf(id, runId)],
    ['accept', 'text/html'],
  ];
}
