import { describe, expect, it } from 'vitest';
import { playedApplication } from '../../fixtures/testing/played-application.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { judge } from '../judge/judge.ts';
import { applyPolicy } from '../judge/policy.ts';
import { seeTraces } from '../judge/seen-traces.ts';
import type { LabOptions } from '../lab/lab.ts';
import { EVERYTHING_COUNTS, type Policy } from '../model/policy.ts';
import type { SeenTrace } from '../model/seen-trace.ts';
import './trace-matchers.ts';

const APPLICATIONS = { shop: playedApplication('shop.yaml'), deep: playedApplication('deep.yaml') };

/** Traces of one run on the stand-in, as the setup makes them, by request. */
async function tracesOf(
  name: keyof typeof APPLICATIONS,
  faults: readonly string[] = [],
  { lab: different = {}, policy = {} }: { lab?: Partial<LabOptions>; policy?: Partial<Policy> } = {},
): Promise<(request: string) => readonly SeenTrace[]> {
  const { application, start } = APPLICATIONS[name];
  await using lab = await start(faults, different);
  const capture = await surveyLab(lab, { application });
  const { promises } = applyPolicy(judge(capture), { ...EVERYTHING_COUNTS, ...policy });
  const traces = seeTraces(capture, { requestNames: application.requestNames ?? [], promises });
  return (request) => traces.filter((trace) => trace.request === request);
}

function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('a healthy mesh', () => {
  it.each([
    ['shop', {}],
    ['shop', { driver: 'otel' }],
    ['shop', { gatewayProfile: 1, sampling: 1, foreignRate: 5 }],
    ['deep', {}],
    ['deep', { driver: 'otel', gatewayProfile: 1 }],
  ] as const)('of %s has one tree with its context kept in every trace, %o', async (name, lab) => {
    const of = await tracesOf(name, [], { lab });
    for (const request of APPLICATIONS[name].application.requestNames ?? []) {
      expect(of(request).length).toBeGreaterThan(5);
      expect(of(request)).toBeOneTree();
      expect(of(request)).toKeepContext();
    }
  });

  it('shows the calls and the tags of a request, and what it does not call', async () => {
    const checkout = (await tracesOf('shop'))('checkout');
    expect(checkout).toCall('shop', 'pricing');
    expect(checkout).toCall('cart', 'redis');
    expect(checkout[0]).toCall('edge-gateway', 'shop');
    expect(checkout).toHaveTag('http.status_code', 201, { of: 'shop', kind: 'server' });
    expect(checkout).toHaveTag('http.method', /^POST$/, { of: 'edge-gateway' });
    expect(checkout).toKeepContext('shop', 'pricing');
    expect(checkout).not.toCall('shop', 'catalog');
    expect(checkout).not.toHaveTag('error', 'true');
    expect(checkout).not.toHaveTag('http.status_code', 500, { of: 'pricing' });
  });

  it('fails claims that it contradicts, with what was seen', async () => {
    const checkout = (await tracesOf('shop'))('checkout');
    const [first] = checkout;
    expect(messageOf(() => expect(checkout).toCall('shop', 'catalog'))).toContain(
      `wrong: expected shop calls catalog; ${checkout.length} of ${checkout.length} traces of checkout show something else`,
    );
    const message = messageOf(() => expect(first).toHaveTag('http.status_code', 500, { of: 'pricing' }));
    expect(message).toContain(`trace     ${first?.id} (probe ${first?.probe}, checkout, answer 201)`);
    expect(message).toContain('received  http.status_code = "200" on');
    expect(message).toContain('calls     edge-gateway → shop, shop → cart');
    expect(message).toContain(`open      ${first?.link}`);
    expect(() => expect(checkout).not.toCall('shop', 'pricing')).toThrow(/not the case that shop calls pricing/);
    expect(() => expect(checkout).not.toBeOneTree()).toThrow(/below one entry/);
    expect(() => expect(checkout).not.toKeepContext()).toThrow(/kept at/);
  });
});

describe('a service that drops the context', () => {
  it('is named with the code and the other trace; neither the call nor its opposite counts as shown', async () => {
    const checkout = (await tracesOf('shop', ['drop-all:shop->cart']))('checkout');
    const message = messageOf(() => expect(checkout).toKeepContext());
    expect(message).toMatch(/^wrong: expected every call keeps the context; \d+ of \d+ traces of checkout/);
    expect(message).toMatch(/received {2}shop → cart: it starts a new trace.* \(HC501, context-dropped/);
    expect(checkout).not.toKeepContext('shop', 'cart');
    expect(checkout).toKeepContext('shop', 'pricing');
    expect(messageOf(() => expect(checkout[0]).toCall('shop', 'cart'))).toMatch(/shop → cart was made in .*trace/);
    expect(() => expect(checkout[0]).not.toCall('shop', 'cart')).toThrow(/^wrong/);
    expect(() => expect(checkout[0]).toBeOneTree()).toThrow(
      /parts of the request in other traces|not all of the request/,
    );
  });

  it('does not count where the finding is tolerated, and counts again where another one is', async () => {
    const tolerate = [{ code: 'HC501', subject: 'shop->cart', reason: 'fixed in May' }] as const;
    const of = await tracesOf('shop', ['drop-all:shop->cart'], { policy: { tolerate } });
    expect(of('checkout')).toKeepContext();
    expect(() => expect(of('checkout')).not.toKeepContext()).toThrow(
      /does not count: shop → cart, --tolerate: fixed in May/,
    );
    const other = await tracesOf('shop', ['drop-all:shop->pricing'], { policy: { tolerate } });
    expect(() => expect(other('checkout')).toKeepContext()).toThrow(/HC501/);
  });

  it('is not left out by --skip: a matcher is an assertion of the spec', async () => {
    const skip = [{ what: 'propagation' }] as const;
    const of = await tracesOf('shop', ['drop-all:shop->cart'], { policy: { skip } });
    expect(() => expect(of('checkout')).toKeepContext()).toThrow(/HC501/);
  });
});

describe('nothing seen', () => {
  it('is inconclusive where a sidecar does not report, whatever is claimed', async () => {
    const checkout = (await tracesOf('shop', ['no-report:pricing']))('checkout');
    for (const claim of [
      () => expect(checkout).toKeepContext('pricing'),
      () => expect(checkout).not.toKeepContext('pricing'),
      () => expect(checkout).toBeOneTree(),
      () => expect(checkout).not.toBeOneTree(),
      () => expect(checkout).not.toCall('pricing', 'tax'),
      () => expect(checkout).toHaveTag('http.status_code', 200, { of: 'pricing', kind: 'server' }),
      () => expect(checkout).not.toHaveTag('http.status_code', 200, { of: 'pricing', kind: 'server' }),
    ])
      expect(messageOf(claim)).toMatch(/^inconclusive: /);
  });

  it('fails an empty list, with and without not', () => {
    for (const claim of [
      () => expect([]).toKeepContext(),
      () => expect([]).not.toKeepContext(),
      () => expect([]).not.toCall('shop', 'pricing'),
      () => expect([]).not.toBeOneTree(),
      () => expect([]).not.toHaveTag('error'),
    ])
      expect(claim).toThrow(/inconclusive: the list of traces is empty/);
  });

  it('holds a probe that had to be traced and was not against no claim, and for none', async () => {
    const [one] = (await tracesOf('shop'))('checkout');
    const absent: SeenTrace = { ...one!, settled: 'absent', spans: [], calls: [] };
    expect(() => expect(absent).toCall('shop', 'pricing')).toThrow(/no span of this trace came/);
    expect(() => expect(absent).not.toCall('shop', 'pricing')).toThrow(/no span of this trace came/);
  });

  it('concludes nothing from a trace that may still change', async () => {
    const [one] = (await tracesOf('shop'))('checkout');
    const open: SeenTrace = { ...one!, settled: 'deadline' };
    expect(open).toCall('shop', 'pricing');
    expect(() => expect(open).not.toCall('shop', 'catalog')).toThrow(/more may come/);
    expect(() => expect(open).toBeOneTree()).toThrow(/more may come/);
  });
});

it('takes traces only', () => {
  expect(() => expect({ promises: [] }).toBeOneTree()).toThrow(/this matcher is for traces/);
  expect(() => expect('').toKeepContext()).toThrow(/this matcher is for traces/);
});
