import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { Finding } from '../../harness/model/finding.ts';
import { toText } from './to-text.ts';
import { topologyMap } from './topology.ts';
import { topologyGraph } from './topology-graph.ts';

const states = (name: string) =>
  Object.fromEntries(
    topologyGraph(SAMPLES[name]!()).hops.map(({ caller, callee, state, count }) => [
      `${caller} → ${callee}`,
      `${state} ${count}`.trim(),
    ]),
  );

describe('the map', () => {
  it('shows whole hops with their counts', () => {
    expect(Object.values(states('pass')).every((state) => state.startsWith('whole'))).toBe(true);
  });

  it('marks the broken hop, and not those above it', () => {
    expect(states('fail-dropped')).toMatchObject({
      'istio-ingressgateway → productpage': expect.stringMatching(/^whole/),
      'productpage → reviews': expect.stringMatching(/^whole/),
      'reviews → ratings': 'broken 0 of 4',
    });
  });

  it('claims nothing about hops that no trace reached', () => {
    expect(states('inconclusive')).toMatchObject({ 'productpage → details': 'unseen' });
  });

  it('shows the code on a hop that is seen and still wrong, and a call that was not expected', () => {
    const report = SAMPLES.pass!();
    const finding = (caller: string, callee: string): Finding => ({
      code: 'HC507',
      severity: 'error',
      causes: [],
      subject: { kind: 'hop', caller, callee },
      expected: '',
      received: '',
      facts: { expected: { kind: 'one-call' }, received: { kind: 'call-to', callee } },
      share: { affected: 3, of: 4 },
      evidence: { probes: [], traces: [], spans: [], links: [] },
      remedy: '',
    });
    const [first, ...rest] = report.promises;
    const findings = [finding('productpage', 'details'), finding('details', 'elsewhere')];
    const graph = topologyGraph({ ...report, promises: [{ ...first!, findings }, ...rest] });
    expect(graph.hops.find(({ callee }) => callee === 'details')).toMatchObject({
      state: 'broken',
      count: 'HC507 3 of 4',
    });
    expect(graph.hops.find(({ callee }) => callee === 'elsewhere')).toMatchObject({
      state: 'unexpected',
      count: '3 of 4',
    });
    expect(graph.services.map(({ name }) => name)).toContain('elsewhere');
  });

  it('stays narrow for a name or version of any length', () => {
    const long = 'x'.repeat(100_000);
    const services = [{ name: long, gateway: true, state: 'whole', says: long } as const];
    const svg = toText(topologyMap({ services, hops: [] }, 'right', () => undefined).picture);
    expect(Number(/viewBox="0 0 ([\d.]+) /.exec(svg)?.[1])).toBeLessThan(320);
    expect(svg.length).toBeLessThan(10_000);
  });

  it('can be drawn for any names of services and any calls between them', () => {
    const hop = (caller: string, callee: string) => ({ caller, callee, state: 'whole', count: '1 of 1' }) as const;
    const service = (name: string) => ({ name, gateway: false, state: 'whole', says: '' }) as const;
    const names = ['__proto__', 'constructor', '', 'a', 'b'];
    const graph = {
      services: names.map(service),
      hops: [hop('__proto__', 'constructor'), hop('a', 'b'), hop('b', 'a'), hop('a', 'a'), hop('', 'a')],
    };
    for (const direction of ['right', 'down'] as const) {
      const svg = toText(topologyMap(graph, direction, () => undefined).picture);
      expect(svg.match(/class="hop whole"/g)).toHaveLength(5);
      expect(svg).not.toMatch(/NaN|undefined/);
    }
  });
});
