import type { Application } from '../model/application.ts';
import type { Expectations } from '../model/capture.ts';
import type { Settings } from './settings.ts';

/** The settings that a verdict is held to; all others are about how a run is done. */
export type ExpectationSettings = Pick<
  Settings,
  'shares' | 'shareTolerance' | 'rotatingWorkers' | 'sampling' | 'services' | 'flushMs'
>;

/** What a run is held to: what was configured, and what is assumed of the application where nothing was. */
export function expectationsOf(settings: ExpectationSettings, definition: Application): Expectations {
  const assumed = definition.versioned && {
    value: definition.versioned.shares,
    source: 'assumed' as const,
    from: `the definition of ${definition.name}`,
  };
  const shares = settings.shares === undefined ? assumed : { ...settings.shares, value: settings.shares.value.weights };
  return {
    ...(shares !== undefined && { shares }),
    ...(settings.shareTolerance !== undefined && { shareTolerance: settings.shareTolerance }),
    ...(settings.rotatingWorkers !== undefined && { rotatingWorkers: settings.rotatingWorkers }),
    ...(settings.sampling !== undefined && { samplingPercent: settings.sampling }),
    ...(settings.services !== undefined && { services: settings.services }),
    flushMs: settings.flushMs,
  };
}
