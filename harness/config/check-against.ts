import type { Application } from '../model/application.ts';
import { knownNames, versionedServices } from '../model/of-request.ts';
import { withoutNamespace } from '../model/service-name.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Settings } from './settings.ts';

type Named = Pick<Settings, 'shares' | 'services'>;

/** What names services and versions must name those of the application; anything else could never be met. @throws ConfigError */
export function checkAgainst(settings: Named, definition: Application): void {
  const problems = [...sharesProblems(settings, definition), ...servicesProblems(settings, definition)];
  if (problems.length > 0) throw new ConfigError(problems);
}

function sharesProblems({ shares }: Named, definition: Application): ConfigProblem[] {
  // The cluster may name a version that the definition does not know: then that version is served.
  if (shares === undefined || shares.source === 'discovered') return [];
  const { service, weights } = shares.value;
  const all = versionedServices(definition);
  const versioned = all.find((one) => one.service === service) ?? definition.versioned;
  const known = definition.services.find(({ name }) => name === service)?.versions ?? [];
  const unknown = Object.keys(weights).find((version) => !known.includes(version));
  const isOther = versioned?.service !== service;
  if (!isOther && unknown === undefined) return [];
  const versions = Object.keys(versioned?.shares ?? {});
  const expected =
    versioned === undefined
      ? `no shares: ${definition.name} has no service with several versions`
      : `versions of ${versioned.service}: ${versions.join(', ')}`;
  const wrong = isOther
    ? `; ${service} is ${perhaps(service, versioned === undefined ? [] : [versioned.service], 'not that service')}`
    : `; ${unknown} is ${perhaps(unknown ?? '', versions, 'not one of them')}`;
  return [
    {
      option: '--shares',
      value: `${service}=${Object.entries(weights)
        .map(([version, weight]) => `${version}:${weight}`)
        .join(',')}`,
      source: `${shares.source} ${shares.from}`,
      expected: `${expected}${wrong}`,
      example: `--shares ${versioned?.service ?? 'orders'}=v1:80,v2:20`,
    },
  ];
}

/** A misspelt name would turn up in every trace as an unexpected call. */
function servicesProblems({ services }: Named, application: Application): ConfigProblem[] {
  const { name, gateway } = application;
  const names = [...knownNames(application)];
  return Object.entries(services?.value ?? {})
    .filter(([, to]) => !names.includes(to))
    .map(([from, to]) => {
      const near = didYouMean(to, names);
      const given = {
        option: '"services"',
        value: `${from}: ${to}`,
        source: `${services?.source} ${services?.from}`,
      };
      const meant = names.find((candidate) => candidate === from || candidate === withoutNamespace(from));
      if (near === undefined && meant !== undefined)
        return {
          ...given,
          expected: `the name as spans have it first, then that of ${name}; this is the wrong way round, for ${meant} is a name of ${name} and ${to} is not`,
          example: JSON.stringify({ services: { [to]: meant } }),
        };
      return {
        ...given,
        expected: `the name as spans have it, then one of ${name} (${names.join(', ')})${near === undefined ? '' : `, perhaps ${near}`}`,
        example: JSON.stringify({ services: { [from]: near ?? names[1] ?? gateway } }),
      };
    });
}

function perhaps(word: string, known: readonly string[], otherwise: string): string {
  const near = didYouMean(word, known);
  return near === undefined ? otherwise : `${otherwise}, perhaps ${near}`;
}
