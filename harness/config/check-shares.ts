import type { Application } from '../model/application.ts';
import { ConfigError } from './config-error.ts';
import type { Settings } from './settings.ts';

/** Shares are of versions the application has; anything else could never be met. @throws ConfigError */
export function checkShares({ shares }: Pick<Settings, 'shares'>, definition: Application): void {
  // What the cluster says may name a version that the definition does not know: then that is what is served.
  if (shares === undefined || shares.source === 'discovered') return;
  const { service, weights } = shares.value;
  const versioned = definition.versioned;
  const known = definition.services.find(({ name }) => name === service)?.versions ?? [];
  const unknown = Object.keys(weights).find((version) => !known.includes(version));
  if (versioned?.service === service && unknown === undefined) return;
  const expected =
    versioned === undefined
      ? `no shares: ${definition.name} has no service with several versions`
      : `versions of ${versioned.service}: ${Object.keys(versioned.shares).join(', ')}`;
  throw new ConfigError([
    {
      option: '--shares',
      value: `${service}=${Object.entries(weights)
        .map(([version, weight]) => `${version}:${weight}`)
        .join(',')}`,
      source: `${shares.source} ${shares.from}`,
      expected,
      example: `--shares ${versioned?.service ?? 'orders'}=v1:80,v2:20`,
    },
  ]);
}
