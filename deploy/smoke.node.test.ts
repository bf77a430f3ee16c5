import { beforeAll, describe, expect, it } from 'vitest';
import { volumeFor } from '../fixtures/node/claims.ts';
import { codeBelow, commandsIn } from '../fixtures/node/documented.ts';
import { type SharedNode, sharedNode } from '../fixtures/node/shared.ts';
import { NodeShell } from '../fixtures/node/shell.ts';
import { until } from '../fixtures/node/until.ts';
import { inDeployFolder } from '../fixtures/node/work-folder.ts';

const GUIDE = 'docs/guides/on-call-smoke-check.md';
const [overlay = ''] = codeBelow(GUIDE, 'Set it up', 'yaml');
const [setUp = ''] = codeBelow(GUIDE, 'Set it up', 'sh');
const [readLast = ''] = codeBelow(GUIDE, 'You were called', 'sh');
/** The check of every quarter of an hour, every minute. */
const EVERY_MINUTE = `
patches:
  - target: { kind: CronJob }
    patch: |-
      - { op: replace, path: /spec/schedule, value: "* * * * *" }
`;

interface Job {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status: { readonly succeeded?: number; readonly failed?: number };
}

// The image of this checkout, on a real kubelet, by the command lines of the guide as they stand there.
describe('the smoke check on a real node', () => {
  let shared: SharedNode;
  beforeAll(async () => {
    shared = await sharedNode();
    await volumeFor(shared.node, 'hopcheck', 'hopcheck-smoke-results');
  });

  it('runs at once by hand and by the minute on its schedule, and is read back by the documented commands', async () => {
    const { node, mesh } = shared;
    await mesh.serve(mesh.healthy);
    using folder = inDeployFolder({ smoke: `${overlay}${EVERY_MINUTE}` });
    const shell = new NodeShell(node, folder.path);
    const [apply = '', now = '', active = '', placed = '', logs = '', remove = '', ...more] = commandsIn(setUp);
    expect(more).toEqual([]);
    await shell.run(apply, now, active, placed);
    expect(await shell.run(logs)).toMatch(/^PASS \(exit 0\) all 9 promises judged hold/m);
    await shell.run(remove);

    const scheduled = async () => {
      const { items } = JSON.parse(await shell.run('kubectl -n hopcheck get jobs -o json')) as { items: Job[] };
      return items.find(({ metadata }) => metadata.name.startsWith('hopcheck-smoke-'));
    };
    await until('a Job of the schedule', async () => (await scheduled()) !== undefined, 75_000);
    const { metadata } = (await scheduled()) as Job;
    // Once the first one is there, no other is wanted: as during maintenance.
    await shell.run(`kubectl -n hopcheck patch cronjob hopcheck-smoke -p '{"spec":{"suspend":true}}'`);
    const due = Date.parse(metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp'] ?? '');
    expect(due % 60_000).toBe(0);
    const lateMs = Date.parse(metadata.creationTimestamp) - due;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(10_000);
    const ended = async () => {
      const { succeeded = 0, failed = 0 } = (await scheduled())?.status ?? {};
      return succeeded + failed > 0;
    };
    await until(`${metadata.name} has ended`, ended, 90_000);
    expect(await shell.run(...commandsIn(readLast))).toMatch(/^PASS \(exit 0\) all 9 promises judged hold/m);
    expect((await scheduled())?.status).toMatchObject({ succeeded: 1 });
  }, 300_000);
});
