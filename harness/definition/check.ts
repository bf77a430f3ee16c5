import { didYouMean } from '../config/did-you-mean.ts';
import { callOf, entryOf, isPeer, reachedFrom, servicesOf, uncalled } from './names.ts';
import type { Definition } from './schema.ts';

/** Something that does not fit the rest of a definition. */
export interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/** Of a definition some parts of which did not fit the schema, those that did; `lacks`: those that did not. */
export type Fitting = Partial<Definition> & { readonly lacks?: ReadonlySet<PropertyKey> };

/**
 * What the schema cannot see: names that lead nowhere. Each check needs only the parts that it looks at, so that one mistake
 * hides no other.
 */
export function misfitsOf(definition: Fitting): readonly Misfit[] {
  const { calls, requests, versions = {}, services = {} } = definition;
  if (calls === undefined) return [];
  const named = {
    calls,
    ...(definition.entry !== undefined && { entry: definition.entry }),
    ...(requests && { requests }),
  };
  const known = servicesOf(named);
  const versionsKnown = definition.lacks?.has('versions') === true ? undefined : versions;
  const versionsOf = (service: string) => versionNames(versions[service]);
  const misfits: Misfit[] = [];
  const mustBe = (path: readonly PropertyKey[], name: string, names: readonly string[], what: string) => {
    if (names.includes(name)) return;
    const near = didYouMean(name, names);
    misfits.push({ path, expected: `${what}${near === undefined ? ` (${names.join(', ')})` : `, perhaps ${near}`}` });
  };
  for (const service of Object.keys(versions)) mustBe(['versions', service], service, known, 'a service of calls');
  for (const service of Object.keys(services)) mustBe(['services', service], service, known, 'a service of calls');
  for (const [caller, callees] of Object.entries(calls))
    callees.map(callOf).forEach((call, index) => {
      const at = ['calls', caller, index];
      if (callees.findIndex((other) => callOf(other).to === call.to) < index)
        misfits.push({ path: at, expected: `each callee once; ${call.to} is there before` });
      for (const version of versionsKnown === undefined ? [] : [call.when ?? []].flat())
        mustBe(
          [...at, 'when'],
          version,
          versionsOf(caller),
          `a version of ${caller} (versions: { ${caller}: [v1, v2] })`,
        );
    });
  if (requests !== undefined) misfits.push(...requestMisfits({ ...named, requests }, known, versionsKnown));
  return misfits;
}

function requestMisfits(
  definition: Pick<Definition, 'calls' | 'requests'> & Partial<Pick<Definition, 'entry'>>,
  known: readonly string[],
  versions: Definition['versions'],
): readonly Misfit[] {
  const { calls, requests } = definition;
  const misfits: Misfit[] = [];
  const fallback = entryOf(definition);
  const peers = Object.values(calls).flatMap((callees) => callees.map(callOf).filter(isPeer));
  const reached = new Set<string>();
  for (const [name, request] of Object.entries(requests)) {
    const at = ['requests', name];
    const entry = request.entry ?? fallback;
    if (entry === undefined) {
      const possible = uncalled(definition);
      const which = possible.length === 0 ? 'the service that the gateway calls' : `one of ${possible.join(', ')}`;
      misfits.push({ path: at, expected: `entry: ${which}, here or for all requests` });
      continue;
    }
    const from = reachedFrom(definition, entry);
    for (const service of request.reaches ?? from) reached.add(service);
    for (const [index, service] of (request.reaches ?? []).entries()) {
      if (from.includes(service)) continue;
      const near = didYouMean(service, from);
      const expected = `a service that calls lead to from ${entry}${near === undefined ? ` (${from.join(', ')})` : `, perhaps ${near}`}`;
      misfits.push({ path: [...at, 'reaches', index], expected });
    }
    const answer = request.answer ?? {};
    for (const [index, { of }] of (answer.versions ?? []).entries()) {
      if (versions === undefined || Object.hasOwn(versions, of)) continue;
      const several = Object.keys(versions);
      const near = didYouMean(of, several);
      const expected = `a service of versions${near === undefined ? ` (${several.join(', ') || 'there is none'})` : `, perhaps ${near}`}`;
      misfits.push({ path: [...at, 'answer', 'versions', index, 'of'], expected });
    }
    const all = [...known, ...peers.map(({ to }) => to)];
    for (const [index, { service }] of (answer.errors ?? []).entries()) {
      if (service === undefined || all.includes(service)) continue;
      const near = didYouMean(service, all);
      const expected = `a service of calls${near === undefined ? ` (${all.join(', ')})` : `, perhaps ${near}`}`;
      misfits.push({ path: [...at, 'answer', 'errors', index, 'service'], expected });
    }
  }
  for (const caller of Object.keys(calls)) {
    if (misfits.length > 0 || reached.has(caller)) continue;
    const near = didYouMean(caller, [...reached]);
    const expected = `a service that a request gets to; nothing calls it${near === undefined ? '' : `, perhaps ${near}`}`;
    misfits.push({ path: ['calls', caller], expected });
  }
  return misfits;
}

/** The versions of an entry of `versions`, whatever its form. */
export function versionNames(given: NonNullable<Definition['versions']>[string] | undefined): readonly string[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : Object.keys(given);
}
