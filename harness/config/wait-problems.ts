import type { Sourced } from '../model/capture.ts';
import type { ConfigProblem } from './config-error.ts';

/** `--wait` is part of `--total-timeout`, and something must be left for the run. */
export function waitProblems({ wait, 'total-timeout': total }: WaitOptions): readonly ConfigProblem[] {
  if (wait === undefined || total === undefined || wait.value < total.value) return [];
  return [
    {
      option: '--total-timeout',
      value: `${total.value / 1000}s`,
      source: total.source === 'default' ? 'the default' : `${total.source} ${total.from}`,
      expected: `more than the ${wait.value / 1000}s of --wait, which is part of it`,
      example: '--wait 5m --total-timeout 10m',
    },
  ];
}

interface WaitOptions {
  readonly wait?: Sourced<number>;
  readonly 'total-timeout'?: Sourced<number>;
}
