import { describe, expect, it } from 'vitest';
import { mapCard } from './map.ts';
import { toText } from './to-text.ts';
import type { HopState, MapHop, MapService } from './topology-graph.ts';

const hop = (caller: string, callee: string, state: HopState): MapHop => ({ caller, callee, state, count: '1 of 2' });
const service = (name: string, state: HopState = 'whole', says = '3 spans'): MapService => ({
  name,
  gateway: name === 'g',
  state,
  says,
});
const drawn = (services: readonly MapService[], hops: readonly MapHop[]) =>
  toText(mapCard({ services, hops }, '', () => undefined));
const legend = (html: string) =>
  [...(html.split('<ul class="legend">')[1] ?? '').matchAll(/<li[^>]*>(.*?)<\/li>/g)].map(([, item = '']) =>
    item.replace(/<[^>]+>/g, ''),
  );

describe('the legend of the map', () => {
  it('explains each sign on the map, and no other', () => {
    expect(legend(drawn([service('a'), service('b')], [hop('a', 'b', 'whole')]))).toEqual([
      '✓ seen wherever it was expected',
    ]);
    const states = ['whole', 'broken', 'suspect', 'unexpected', 'unseen'] as const;
    const services = [service('g'), service('a', 'broken'), service('b', 'suspect')];
    const html = drawn(
      services,
      states.map((state) => hop('g', state === 'whole' ? 'a' : 'b', state)),
    );
    const signs = legend(html).map((item) => item.split(' ')[0]);
    expect(signs).toEqual(['✓', '✗', '!', '+', '·', '✗', '!', 'a']);
  });

  it('explains the sign of a service with a finding, whatever its text', () => {
    const html = drawn([service('a', 'suspect'), service('b', 'broken', '')], [hop('a', 'b', 'whole')]);
    expect(html).toMatch(/class="says"[^>]*>! 3 spans</);
    expect(html).toMatch(/class="says"[^>]*>✗</);
  });
});

describe('a map that is too large to draw', () => {
  it('shows the broken hops first, and counts those left out', () => {
    const names = Array.from({ length: 101 }, (_, n) => `s${n}`);
    const hops = names.slice(1).map((name, n) => hop(`s${n}`, name, n === 90 ? 'broken' : 'whole'));
    const html = drawn(
      names.map((name) => service(name)),
      hops,
    );
    expect(html.match(/class="service whole"/g)).toHaveLength(2 * 60);
    expect(html).toContain('s90 → s91: broken');
    const shown = (html.match(/class="hop (?:whole|broken)"/g)?.length ?? 0) / 2;
    expect(html).toContain(`41 services and ${100 - shown} hops are left out here`);
    expect(drawn([service('a')], [])).not.toContain('left out');
  });
});
