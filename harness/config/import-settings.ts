import type { ConfiguredOption, Sourced } from '../model/capture.ts';
import type { ContextFormat } from '../model/exchange.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import type { ExpectationSettings } from './expectations.ts';
import { IMPORT_OPTIONS, optionDefinition } from './options.ts';
import { isGiven, resolveOptions } from './resolve.ts';
import { makeServer } from './server.ts';

/** The expectations of a dump, and where its requests and traces came from, if given. */
export interface ImportSettings extends ExpectationSettings {
  readonly ingress?: URL;
  readonly traceBackend?: URL;
  readonly format?: Sourced<ContextFormat>;
  readonly gatewayProfile?: Sourced<1 | 2>;
  readonly configuration: readonly ConfiguredOption[];
}

/** Every capture has one; of a dump nothing is waited for. */
const FLUSH_MS: Sourced<number> = { value: 5000, source: 'default', from: 'default' };

/** Nothing is sent, so no URL is required. @throws ConfigError naming every problem at once. */
export function resolveImport(input: ConfigInput): ImportSettings {
  const names = IMPORT_OPTIONS.filter((name) => optionDefinition(name).required !== true || isGiven(name, input));
  const { parsed, configuration, problems } = resolveOptions(input, names);
  if (problems.length > 0) throw new ConfigError(problems);
  const { format, shares, sampling, services, 'gateway-profile': profile, 'share-tolerance': shareTolerance } = parsed;
  const ingress = makeServer('ingress', parsed.ingress?.value, NO_ACCESS)?.url;
  const traceBackend = makeServer('traces', parsed.traces?.value, NO_ACCESS)?.url;
  return {
    ...(ingress !== undefined && { ingress }),
    ...(traceBackend !== undefined && { traceBackend }),
    ...(format !== undefined && format.value !== 'auto' && { format: { ...format, value: format.value } }),
    ...(profile !== undefined && profile.value !== 'auto' && { gatewayProfile: { ...profile, value: profile.value } }),
    ...(shares !== undefined && { shares }),
    ...(shareTolerance !== undefined && { shareTolerance }),
    ...(sampling !== undefined && { sampling }),
    ...(services !== undefined && { services }),
    flushMs: FLUSH_MS,
    configuration,
  };
}

const NO_ACCESS = { headers: undefined, ca: undefined, insecure: undefined };
