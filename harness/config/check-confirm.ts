import type { Policy } from '../model/policy.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { optionDefinition } from './options.ts';
import { resolveOptions } from './resolve.ts';

/**
 * A second stage is there to decide a limit. Without one it would only be a second chance (docs/architecture.md#rule-6).
 * @throws ConfigError
 */
export function checkConfirm(input: ConfigInput, { max = [] }: Policy): void {
  const { confirm } = resolveOptions(input, ['confirm']).parsed;
  if (confirm === undefined || max.length > 0) return;
  throw new ConfigError([
    {
      option: '--confirm',
      value: String(confirm.value),
      source: `${confirm.source} ${confirm.from}`,
      expected: '--max beside it, because only a limit is decided by more probes',
      example: `${optionDefinition('max').example} ${optionDefinition('confirm').example}`,
    },
  ]);
}
