import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { parseFault } from '../lab/faults.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Diagnosis } from '../model/doctor.ts';
import { commandAgain } from './next-command.ts';
import { callMain } from './testing/call-main.ts';

async function doctor(faults: readonly string[], more: readonly string[] = [], isSwapped = false) {
  const clock = new SimulatedClock();
  const parsed = faults.map((text) => parseFault(text, ['productpage', 'details', 'reviews', 'ratings']));
  await using lab = await startStandin(labOptions({ clock, network: 'memory', faults: parsed }));
  const urls = isSwapped ? [lab.jaegerUrl, lab.ingressUrl] : [lab.ingressUrl, lab.jaegerUrl];
  const target = ['--ingress', urls[0]!, '--traces', urls[1]!];
  const called = await callMain(['doctor', ...target, ...more], { clock, createClient: () => lab.http! });
  return { ...called, ingress: lab.ingressUrl, traces: lab.jaegerUrl };
}

const lastLine = (text: string) =>
  text
    .replace(/\\\n +/g, '')
    .trimEnd()
    .split('\n')
    .at(-1);

describe('the end of hopcheck doctor', () => {
  it('is the run to go on with, with the options of this call', async () => {
    const { exitCode, stdout, ingress, traces } = await doctor([], ['--rate', '5']);
    expect({ exitCode, next: lastLine(stdout) }).toEqual({
      exitCode: 0,
      next: `next  npm run -s hopcheck -- run --ingress ${ingress}/ --traces ${traces}/ --rate 5`,
    });
    expect(stdout).toContain('what a run can find:');
  });

  it('is this command again where something failed', async () => {
    const { exitCode, stdout, ingress, traces } = await doctor(['backend-down']);
    expect({ exitCode, next: lastLine(stdout) }).toEqual({
      exitCode: 2,
      next: `once that is fixed  npm run -s hopcheck -- doctor --ingress ${ingress}/ --traces ${traces}/`,
    });
  });

  it('has the URLs the right way round where they look swapped', async () => {
    const { stdout, ingress, traces } = await doctor([], ['--json'], true);
    expect((JSON.parse(stdout) as Diagnosis).next).toBe(
      `npm run -s hopcheck -- doctor --ingress ${ingress} --traces ${traces}`,
    );
  });
});

it('a command again has switches, repeated options and secrets as they were given, and nothing of the environment', () => {
  const row = (name: string, value: string, source: 'flag' | 'environment' = 'flag') => ({
    name,
    value,
    source,
    from: name,
  });
  const configuration = [
    row('kube', 'true'),
    row('ingress-insecure', 'false'),
    row('resolve', '["a:1:b","c:2:d"]'),
    row('traces-token', '$HOPCHECK_TRACES_TOKEN'),
    row('rate', '5', 'environment'),
    row('HTTP_PROXY', 'http://proxy'),
  ];
  expect(commandAgain('hopcheck run', configuration, 'my config.yaml')).toBe(
    'hopcheck run --config "my config.yaml" --kube --resolve a:1:b --resolve c:2:d --traces-token "$HOPCHECK_TRACES_TOKEN"',
  );
});
