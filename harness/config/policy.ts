import type { Policy } from '../model/policy.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { optionDefinition, POLICY_OPTIONS } from './options.ts';
import { readBaseline } from './read-baseline.ts';
import { resolveOptions } from './resolve.ts';

/**
 * What counts: --only, --skip, --tolerate, --fail-on, --baseline, from flags, environment and file as all options.
 * @throws ConfigError, also for a baseline that is not a report.
 */
export function resolvePolicy(input: ConfigInput): Policy {
  const { parsed, problems } = resolveOptions(input, POLICY_OPTIONS);
  const failOn = parsed['fail-on']?.value ?? [];
  const path = parsed.baseline;
  if (failOn.includes('new') && path === undefined)
    problems.push({
      option: '--fail-on',
      value: 'new',
      expected: '--baseline beside it, because new means missing from that report',
      example: '--baseline before.json --fail-on new',
    });
  const baseline = path === undefined ? undefined : readBaseline(path.value, input.readFile);
  if (typeof baseline === 'string')
    problems.push({
      option: '--baseline',
      value: path?.value ?? '',
      source: `${path?.source} ${path?.from}`,
      expected: `${optionDefinition('baseline').expected} (${baseline})`,
      example: optionDefinition('baseline').example,
    });
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    failOn,
    only: parsed.only?.value ?? [],
    skip: parsed.skip?.value ?? [],
    tolerate: parsed.tolerate?.value ?? [],
    ...(parsed.max !== undefined && { max: parsed.max.value }),
    ...(baseline !== undefined && typeof baseline !== 'string' && { baseline }),
  };
}
