import { describe, expect, it } from 'vitest';
import { type JobInput, jobObjects } from './job.ts';

const input: JobInput = {
  name: 'hopcheck-fleet',
  namespace: 'hopcheck',
  image: 'hopcheck:0.1.0',
  units: 20,
  parallel: 4,
  totalTimeoutMs: 600_000,
  files: { 'fleet.yaml': 'version: 1' },
  to: { by: 'claim', claim: 'captures' },
  needsKubeconfig: false,
};
const specOf = (name: string, change: Partial<JobInput> = {}) =>
  jobObjects({ ...input, ...change }).find(({ kind, metadata }) => kind === 'Job' && metadata.name === name)?.spec as
    | Record<string, unknown>
    | undefined;

describe('the Job of a plan', () => {
  it('completes each index for itself, and stops for wrong use alone', () => {
    const spec = specOf('hopcheck-fleet')!;
    expect(spec).toMatchObject({
      completionMode: 'Indexed',
      completions: 20,
      parallelism: 4,
      backoffLimitPerIndex: 1,
      template: { spec: { restartPolicy: 'Never', activeDeadlineSeconds: 720 } },
    });
    // Red targets would stop the others.
    expect(spec).not.toHaveProperty('maxFailedIndexes');
    const { rules } = spec.podFailurePolicy as { rules: readonly { action: string }[] };
    expect(rules).toEqual([
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'FailJob', onExitCodes: { containerName: 'hopcheck', operator: 'In', values: [64] } },
    ]);
  });

  it.each([
    { to: { by: 'claim', claim: 'captures' }, where: '/captures', merges: true },
    { to: { by: 'put', url: 'https://captures.example/a' }, where: 'https://captures.example/a', merges: false },
    { to: { by: 'log' }, where: 'log', merges: false },
  ] as const)('sends captures to $where', ({ to, where, merges }) => {
    const { template } = specOf('hopcheck-fleet', { to }) as {
      template: { spec: { containers: { args: string[] }[]; volumes: { name: string }[] } };
    };
    const { containers, volumes } = template.spec;
    expect(containers[0]?.args.slice(-3)).toEqual(['--index', '--to', where]);
    expect(volumes.map(({ name }) => name)).toEqual(['plan', 'tmp', ...(merges ? ['captures'] : [])]);
    expect(specOf('hopcheck-fleet-merge', { to }) !== undefined).toBe(merges);
  });

  it('merges only when its user lets it', () => {
    expect(specOf('hopcheck-fleet-merge')).toMatchObject({ suspend: true, backoffLimit: 0 });
  });

  it('mounts a kubeconfig where a target names a context', () => {
    const text = (needsKubeconfig: boolean) => JSON.stringify(specOf('hopcheck-fleet', { needsKubeconfig }));
    expect(text(true)).toContain('"secretName":"hopcheck-fleet-kubeconfig"');
    expect(text(false)).not.toContain('kubeconfig');
  });

  it('refuses a plan that no ConfigMap holds', () => {
    expect(() => jobObjects({ ...input, files: { 'fleet.yaml': 'ä'.repeat(600_000) } })).toThrow(/1200000 bytes/);
  });
});
