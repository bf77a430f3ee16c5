import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { installIstio } from '../fixtures/istio/install.ts';
import { istioLab } from '../fixtures/istio/lab.ts';
import { startMesh } from '../fixtures/istio/mesh.ts';
import { deploy, restart } from '../fixtures/istio/rollout.ts';
import { watchMesh } from '../fixtures/istio/watch.ts';
import { labOptions } from '../harness/lab/options.ts';
import { systemClock } from '../harness/system/system-clock.ts';

// node tools/watch-hour.ts [--minutes 60] [--out FILE]: `hopcheck watch` on a real Istio for an hour. A sixth of the time in,
// reviews v2 is restarted as it is; at the half a bad version of reviews v3 is deployed, at two thirds it is rolled back. Each
// minute a line of JSON: memory, what the gate says, what /metrics counts. The figures are in docs/benchmarks.md.
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, out: { type: 'string' } } });
const minutes = Number(values.minutes);
const MINUTE_MS = 60_000;
const signal = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => signal.abort(new Error(name)));

const write = (entry: object) => {
  const line = JSON.stringify({ at: new Date(systemClock.now()).toISOString(), ...entry });
  if (values.out === undefined) console.log(line);
  else appendFileSync(values.out, `${line}\n`);
};
const step = async (name: string, action: () => Promise<void>) => {
  write({ step: `${name}: begins` });
  await action();
  write({ step: `${name}: done` });
};

const parts = await installIstio(() => undefined);
await using mesh = await startMesh({ parts, signal: signal.signal });
await using _lab = await istioLab(mesh, labOptions({ engine: 'istio' }));
await using watch = await watchMesh(mesh, '--kube', '--every', '90s', '--budget', '2rps');
write({ step: 'watching' });
const startedAtMs = performance.now();
const steps: readonly (readonly [number, () => Promise<void>])[] = [
  [minutes / 6, () => step('restart reviews v2', () => restart(mesh, 'deployment/reviews-v2'))],
  [minutes / 2, () => step('deploy the bad reviews v3', () => deploy(mesh, 'bad'))],
  [(minutes * 2) / 3, () => step('roll reviews v3 back', () => deploy(mesh, 'good'))],
];
const changes = steps.map(async ([at, action]) => {
  await systemClock.sleep(at * MINUTE_MS, signal.signal);
  await action();
});
try {
  for (let minute = 0; minute <= minutes; minute += 1) {
    const leftMs = minute * MINUTE_MS - (performance.now() - startedAtMs);
    await systemClock.sleep(Math.max(0, leftMs), signal.signal);
    const gate = await watch.get('/gate');
    const { body } = await watch.get('/metrics');
    const counts = Object.fromEntries(
      [...body.matchAll(/^(hopcheck_watch_(?:runs|run_ends|probes)_total.*) (\S+)$/gm)].map(([, name = '', count]) => [
        name.replace(/^hopcheck_watch_/, ''),
        Number(count),
      ]),
    );
    write({ minute, residentMib: Math.round(watch.residentMib()), gate: gate.status, says: gate.body, counts });
  }
  await Promise.all(changes);
} finally {
  write({ log: watch.output() });
}
