import { ConfigError } from '../config/config-error.ts';
import type { Settings } from '../config/settings.ts';
import type { PlannedProbe } from '../model/exchange.ts';

/**
 * A plan that cannot be sent in the time of the whole run would be cut short and judged as interrupted. It is better to
 * say so before.
 * @throws ConfigError with the rate that is enough
 */
export function checkPlan({ rate, totalTimeoutMs }: Settings, plan: readonly PlannedProbe[]): void {
  const seconds = Math.ceil(plan.length / rate);
  if (seconds * 1000 < totalTimeoutMs) return;
  // With a tenth to spare for preflight and for the traces to settle.
  const enough = Math.ceil((plan.length * 1000) / (0.9 * totalTimeoutMs));
  throw new ConfigError([
    {
      option: '--rate',
      value: String(rate),
      expected: `more than that: ${plan.length} probes take ${seconds} s, and the whole run may take ${totalTimeoutMs / 1000} s (--total-timeout)`,
      example: `--rate ${enough}`,
    },
  ]);
}
