import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { volumeFor } from '../fixtures/node/claims.ts';
import { codeBelow, commandsIn } from '../fixtures/node/documented.ts';
import { type SharedNode, sharedNode } from '../fixtures/node/shared.ts';
import { NodeShell } from '../fixtures/node/shell.ts';
import { inDeployFolder } from '../fixtures/node/work-folder.ts';
import type { RunReport } from '../harness/model/report.ts';

const README = 'deploy/README.md';
const FILES = ['junit.xml', 'report.html', 'report.json', 'run.capture'];
const [overlay = ''] = codeBelow(README, 'Your overlay', 'yaml');
const [gate = ''] = codeBelow(README, 'Gate a deploy', 'sh');
const [fetchFiles = '', exitCodeOfLast = ''] = codeBelow(README, 'What comes out', 'sh');

// The image of this checkout, on a real kubelet, by the command lines of deploy/README.md as they stand there.
describe('the gate on a real node', () => {
  let shared: SharedNode;
  beforeAll(async () => {
    shared = await sharedNode();
    await volumeFor(shared.node, 'hopcheck', 'hopcheck-gate-results');
  });

  it.each([
    {
      title: 'completes the Job on a healthy mesh',
      lab: 'healthy',
      waits: { exitCode: 0 },
      exitCode: '0',
      sentence: /^all 9 promises judged hold/,
    },
    {
      title: 'fails the Job where reviews passes nothing on, and names the hop',
      lab: 'broken',
      waits: { exitCode: 1, stderr: expect.stringContaining('timed out waiting for the condition') },
      exitCode: '1',
      sentence: /^reviews v2, v3 do not pass the trace context on to ratings/,
    },
  ] as const)('$title, read back by the documented commands', async ({ lab, waits, exitCode, sentence }) => {
    const { node, mesh } = shared;
    await mesh.serve(mesh[lab]);
    using folder = inDeployFolder({ gate: overlay });
    const shell = new NodeShell(node, folder.path);
    const [remove = '', apply = '', active = '', placed = '', logs = '', wait = '', ...more] = commandsIn(gate);
    expect(more).toEqual([]);
    await shell.run(remove, apply, active, placed);
    // The log is followed up to the end of the pod: what comes after it is there at once.
    const log = await shell.run(logs);
    expect(log.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`\\(exit ${exitCode}\\) ${sentence.source.slice(1)}`));
    expect(await shell.try(wait)).toMatchObject(waits);
    expect(await shell.run(...commandsIn(exitCodeOfLast))).toBe(exitCode);
    // The end of it is in the pod's status.
    const described = await shell.run('kubectl -n hopcheck describe pod -l app.kubernetes.io/name=hopcheck');
    expect(described).toContain(`Exit Code:    ${exitCode}`);
    await shell.run(...commandsIn(fetchFiles));
    expect(folder.files('hopcheck-results')).toEqual(FILES);
    const report = JSON.parse(readFileSync(join(folder.path, 'hopcheck-results/report.json'), 'utf8')) as RunReport;
    expect(report.sentence).toMatch(sentence);
    expect(report.run.cluster?.found.map(({ reached }) => reached)).toEqual([
      undefined,
      'in the cluster istio-ingressgateway.istio-system.svc:80',
      'in the cluster tracing.istio-system.svc:80',
    ]);
  });
});
