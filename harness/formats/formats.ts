import { CONTEXT_FORMATS, type ContextFormat, type ProbeVariant } from '../model/exchange.ts';
import { b3 } from './b3.ts';
import { b3Single } from './b3-single.ts';
import type { FormatRow } from './format.ts';
import { w3c } from './w3c.ts';

/** Every context format, one row each. All other rooms loop over these rows; the ids are in harness/model/exchange.ts. */
export const FORMATS: Readonly<Record<ContextFormat, FormatRow>> = { b3, 'b3-single': b3Single, w3c };

const [likeliest, ...others] = CONTEXT_FORMATS.filter((id) => FORMATS[id].driver !== undefined);
if (likeliest === undefined) throw new Error('harness/formats: expected a format with a driver, e.g. b3');

/** Formats that proxies speak by themselves, likeliest first. Preflight tries each of them. */
export const MESH_FORMATS: readonly [ContextFormat, ...ContextFormat[]] = [likeliest, ...others];

/** All formats, those that proxies speak first. */
export const BY_LIKELIHOOD: readonly ContextFormat[] = [
  ...MESH_FORMATS,
  ...CONTEXT_FORMATS.filter((id) => !MESH_FORMATS.includes(id)),
];

/** Every way of writing some format otherwise; each of them is a way of at least one. */
export const FORMAT_VARIANTS: readonly ProbeVariant[] = [
  ...new Set(CONTEXT_FORMATS.flatMap((id) => Object.keys(FORMATS[id].variants) as ProbeVariant[])),
];

/** The header that a variant of undecided probes has beside no context at all. */
export const BESIDE_NO_CONTEXT = 'x-ot-span-context';

/** Every header of every format. */
export const FORMAT_HEADERS: readonly string[] = BY_LIKELIHOOD.flatMap((id) =>
  FORMATS[id].columns.map(({ name }) => name),
);

/** Headers of contexts that decide for the mesh, or may. */
export const DECIDING_HEADERS: readonly string[] = BY_LIKELIHOOD.flatMap((id) =>
  FORMATS[id].columns.filter(({ decides }) => decides).map(({ name }) => name),
);

/**
 * What an application has to copy for a mesh of this format: the headers of its family that the mesh's proxies speak.
 * Where the format is not known, those of every mesh.
 */
export function forwardedHeaders(format: ContextFormat | undefined): readonly string[] {
  const isMeant = (id: ContextFormat) => format === undefined || FORMATS[id].speaks === FORMATS[format].speaks;
  return MESH_FORMATS.filter(isMeant).flatMap((id) =>
    FORMATS[id].columns.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
  );
}

/** The format of a request that looks for the mesh's own: the configured one, else each that a mesh may speak, in turn. */
export function formatInTurn(configured: 'auto' | ContextFormat, turn: number): ContextFormat {
  return configured === 'auto' ? (MESH_FORMATS[turn % MESH_FORMATS.length] ?? MESH_FORMATS[0]) : configured;
}

/**
 * The format of the probes of a run. Where preflight saw no format come back, none is known, and the report says so. The
 * probes then carry the first one that preflight tried: any would do, because the mesh reads none of them.
 */
export function formatToSend(known: ContextFormat | undefined): ContextFormat {
  return known ?? MESH_FORMATS[0];
}

/** The format in which the proxies of a tracing provider write and read; undefined: of none that is known. */
export function formatOfProvider(provider: string): ContextFormat | undefined {
  return MESH_FORMATS.find((id) => FORMATS[id].driver?.providers.some((known) => known === provider));
}

/** True where the mesh's proxies decide by x-request-id; false where its format is not known, or only to a newer version. */
export function decidesByRequestId(format: ContextFormat | undefined): boolean {
  const known: Partial<typeof FORMATS> = FORMATS;
  return format !== undefined && known[format]?.driver?.decidesByRequestId === true;
}
