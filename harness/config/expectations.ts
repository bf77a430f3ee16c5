import type { Application, VersionedService } from '../model/application.ts';
import type { Expectations, Sourced } from '../model/capture.ts';
import { versionedServices } from '../model/of-request.ts';
import type { Settings } from './settings.ts';

/** The settings that a verdict is held to; all others are about how a run is done. */
export type ExpectationSettings = Pick<
  Settings,
  'shares' | 'shareTolerance' | 'rotatingWorkers' | 'sampling' | 'services' | 'flushMs'
>;

/** What a run is held to: what was configured, and what is assumed of the application where nothing was. */
export function expectationsOf(settings: ExpectationSettings, definition: Application): Expectations {
  const [shares, ...further] = versionedServices(definition).map((one) => ({
    service: one.service,
    shares: sharesOf(one, settings, definition),
  }));
  const services = namesOf(settings, definition);
  return {
    ...(shares !== undefined && { shares: shares.shares }),
    ...(further.length > 0 && { furtherShares: further }),
    ...(settings.shareTolerance !== undefined && { shareTolerance: settings.shareTolerance }),
    ...(settings.rotatingWorkers !== undefined && { rotatingWorkers: settings.rotatingWorkers }),
    ...(settings.sampling !== undefined && { samplingPercent: settings.sampling }),
    ...(services !== undefined && { services }),
    flushMs: settings.flushMs,
  };
}

/** Configured shares go before those of the cluster's routes, and these before assumed ones. */
function sharesOf(
  { service, shares, given }: VersionedService,
  settings: ExpectationSettings,
  { name, from }: Application,
): Sourced<Readonly<Record<string, number>>> {
  const own = settings.shares?.value.service === service ? settings.shares : undefined;
  const isFound = own?.source === 'discovered';
  if (own !== undefined && !(isFound && given === true)) return { ...own, value: own.value.weights };
  if (given === true && from !== undefined) return { value: shares, source: 'file', from };
  return { value: shares, source: 'assumed', from: `the definition of ${name}` };
}

function namesOf({ services }: ExpectationSettings, { names, from }: Application): ExpectationSettings['services'] {
  if (names === undefined) return services;
  const own = { value: names, source: 'file' as const, from: from ?? 'the definition' };
  return services === undefined ? own : { ...services, value: { ...names, ...services.value } };
}
