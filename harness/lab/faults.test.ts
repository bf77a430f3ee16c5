import { describe, expect, it } from 'vitest';
import { refuseImpossible } from '../../fixtures/envoy/refuse.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { responseFlags, type Span } from '../model/span.ts';
import { FAULTS } from './fault-catalogue.ts';
import { parseFault } from './faults.ts';
import { labOptions } from './options.ts';
import { startStandin } from './standin.ts';
import { header } from './wire.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const parse = (text: string) => parseFault(text, SERVICES);

/** Six undecided probes against a stand-in with one thing wrong (beside traffic pinned to v3), and what was found of them. */
async function sixProbes(fault?: string, purpose: 'undecided' | 'forced-on' = 'undecided') {
  const faults = ['pin:reviews:v3', ...(fault === undefined ? [] : [fault])].map(parse);
  await using lab = await startStandin(labOptions({ faults, clock: new SimulatedClock(), network: 'memory' }));
  const plan = Array.from({ length: 6 }, () => ({ purpose }));
  const { traces } = await surveyLab(lab, { plan });
  const withGateway = traces.filter(({ spans }) => spans.some(isGateway)).map(({ spans }) => spans);
  const others = traces.filter(({ spans }) => !spans.some(isGateway)).map(({ spans }) => spans);
  return {
    gateway: withGateway.map((spans) => spans.length),
    others: others.map((spans) => spans.length),
    missingParents: withGateway.map((spans) => missing(spans).length),
    spans: withGateway.flat(),
    received: lab.received,
  };
}

const isGateway = ({ service }: Span) => service.startsWith('istio-ingressgateway');
const missing = (spans: readonly Span[]) =>
  spans.filter(({ parentId }) => parentId !== undefined && !spans.some(({ id }) => id === parentId));
const six = <T>(value: T) => Array.from({ length: 6 }, () => value);
const flagsOf = (spans: readonly Span[], service: string, kind: string) => [
  ...new Set(spans.filter((span) => span.service.startsWith(service) && span.kind === kind).flatMap(responseFlags)),
];

describe('the traces under a fault (docs/facts/envoy.md#faults)', () => {
  // Healthy v3: nine spans.
  it.each([
    { fault: undefined, spans: 9, parents: 0 },
    { fault: 'blank-header:productpage:x-b3-parentspanid', spans: 9, parents: 0 },
    { fault: 'mangle-case:productpage', spans: 9, parents: 0 },
    { fault: 'b3-single:reviews', spans: 9, parents: 0 },
    { fault: 'blank-header:reviews:x-b3-traceid', spans: 7, parents: 0 },
    { fault: 'b3-to-w3c:reviews', spans: 7, parents: 0 },
    { fault: 'b3-to-w3c:productpage', spans: 3, parents: 0 },
    { fault: 'strip:reviews->ratings', spans: 8, parents: 0 },
    { fault: 'strip:productpage->details', spans: 8, parents: 0 },
    { fault: 'sidecar-down:ratings', spans: 8, parents: 0 },
    { fault: 'abort:reviews-v3->ratings:503', spans: 8, parents: 0 },
    { fault: 'abort:reviews-v2->ratings:503', spans: 9, parents: 0 },
    { fault: 'delay:reviews->ratings:200', spans: 9, parents: 0 },
    { fault: 'no-tracing:ratings', spans: 8, parents: 0 },
    { fault: 'lose-spans:details', spans: 8, parents: 0 },
    { fault: 'slow-report:details:3000', spans: 9, parents: 0 },
    { fault: 'clock-skew:details:-250', spans: 9, parents: 0 },
    { fault: 'slow-report:gateway:3000', spans: 9, parents: 0 },
    { fault: 'clock-skew:gateway:-250', spans: 9, parents: 0 },
    { fault: 'parent-outside', spans: 9, parents: 1 },
    { fault: 'backend-late:3000', spans: 9, parents: 0 },
    { fault: 'backend-reorder', spans: 9, parents: 0 },
    { fault: 'backend-duplicate', spans: 18, parents: 0 },
  ])(
    'have under $fault $spans spans in the trace with the gateway, and $parents missing parents',
    async ({ fault, spans, parents }) => {
      const found = await sixProbes(fault);
      expect(found.gateway).toEqual(six(spans));
      expect(found.missingParents).toEqual(six(parents));
    },
  );

  it.each(['lose-spans:gateway', 'no-report:gateway'])('keep the spans of all others under %s', async (fault) => {
    const { gateway, others } = await sixProbes(fault, 'forced-on');
    expect({ gateway, others }).toEqual({ gateway: [], others: six(7) });
  });

  it('name an injected fault and a refused connection by response flag, at the caller', async () => {
    const flags = async (fault: string) => flagsOf((await sixProbes(fault)).spans, 'reviews.', 'client');
    expect(await flags('abort:reviews->ratings:503')).toEqual(['FI']);
    expect(await flags('delay:reviews->ratings:200')).toEqual(['DI']);
    expect(await flags('sidecar-down:ratings')).toEqual(['UF']);
  });

  it('have shifted times for one service only', async () => {
    const { spans } = await sixProbes('clock-skew:details:-250');
    for (const server of spans.filter(({ service, kind }) => service.startsWith('details') && kind === 'server')) {
      const client = spans.find(({ id }) => id === server.parentId);
      const early = (client?.startMicros ?? 0) - server.startMicros;
      expect(early).toBeGreaterThan(200_000);
      expect(early).toBeLessThanOrEqual(250_000);
    }
  });

  it('lack spans of a share of the calls', async () => {
    const { gateway } = await sixProbes('lose-spans:details@0.5');
    expect([...new Set(gateway)].toSorted()).toEqual([8, 9]);
    const { received } = await sixProbes('b3-single:productpage->details@0.5');
    const single = received.map(({ request }) => header(request.headers, 'b3') !== undefined);
    expect(single).toContain(false);
  });

  it('are gone but for the newest ones under backend-evict', async () => {
    expect((await sixProbes('backend-evict:2')).gateway.length).toBeLessThan(6);
  });
});

describe('the grammar of faults', () => {
  it.each(Object.entries(FAULTS))('accepts the example of %s', (kind, { example }) => {
    expect(parse(example)).toMatchObject({ kind, text: example });
  });

  it.each([
    ['strip:productpage', '->callee is missing'],
    ['down:ratings@0.5', 'it takes no @share'],
    ['down:reviews->ratings', 'it takes no ->callee'],
    ['abort:reviews:often', '"often" is not a number'],
    ['delay:reviews:-5', 'the number is not under 0'],
    ['backend-late', 'an argument is missing'],
    ['down:gateway', 'no service gateway'],
  ])('refuses %s, and names the problem', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('takes versions of any name, names with hyphens, and hosts outside by their full names', () => {
    const names = new Map([
      ['price-list', ['stable', '2027-01']],
      ['price', ['v1']],
      ['rates.example.com', ['v1']],
    ]);
    const targetOf = (text: string) => {
      const { service, version, callee } = parseFault(text, names);
      return [service, version, callee];
    };
    expect(targetOf('missing:price-list-2027-01')).toEqual(['price-list', '2027-01', undefined]);
    expect(targetOf('down:price-list')).toEqual(['price-list', undefined, undefined]);
    expect(targetOf('abort:price-v1->rates.example.com:503')).toEqual(['price', 'v1', 'rates.example.com']);
    expect(() => targetOf('missing:price-list-canary')).toThrow(
      'there is no version canary of price-list (there are stable, 2027-01)',
    );
  });
});

describe('the envoy engine', () => {
  const refuse = (driver: 'zipkin' | 'otel', ...faults: string[]) =>
    refuseImpossible(labOptions({ engine: 'envoy', driver, faults: faults.map(parse) }));

  it('refuses to change reports that it cannot read, and to put two rules on one route', () => {
    expect(() => refuse('otel', 'clock-skew:details:-250')).not.toThrow();
    expect(() => refuse('zipkin', 'delay:reviews:5', 'delay:reviews-v2->ratings:9')).toThrow(
      'reviews → ratings has two',
    );
    expect(() => refuse('zipkin', 'clock-skew:details:-250', 'delay:reviews:5')).not.toThrow();
  });
});
