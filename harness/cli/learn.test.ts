// Over 250 lines: one command, from its first proposal to its last check, on one mesh.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readRecording } from '../../fixtures/recordings/load.ts';
import { playedApplication } from '../../fixtures/testing/played-application.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { BOOKINFO } from '../applications/bookinfo.ts';
import { parseFault } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { faultNames } from '../lab/played/play.ts';
import { startStandin } from '../lab/standin.ts';
import { callMain } from './testing/call-main.ts';

const SHOP = ['--get', '/api/home', '--post', '/api/orders {"sku": "42"}'];
const PEERS = ['--untraced', 'redis', '--external', 'www.rates.example'];
const FEW = ['--probes', '40'];
const DEEP = ['--get', '/browse', '--get', '/admin/report', '--name', 'deep'];

let folder: string;
let lab: Lab | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-learn-'));
});
afterEach(async () => {
  await lab?.stop();
  lab = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const play = async (file: string, faults: readonly string[] = []) => {
  lab = await playedApplication(file).start(faults);
};
const playBookinfo = async (faults: readonly string[] = []) => {
  const names = faultNames(labOptions().application);
  const parsed = faults.map((text) => parseFault(text, names));
  lab = await startStandin(labOptions({ clock: new SimulatedClock(), network: 'memory', faults: parsed }));
};
async function call(argv: readonly string[], env: Record<string, string> = {}) {
  const { http, options, ingressUrl, jaegerUrl } = lab!;
  const client = { send: http!.send.bind(http), close: async () => undefined };
  const at = ['--ingress', ingressUrl, '--traces', jaegerUrl];
  const given = { cwd: folder, env, columns: 400, clock: options.clock, createClient: () => client };
  const { exitCode, stdout, stderr } = await callMain([...argv, ...at], given);
  return { exitCode, stdout, stderr, text: `${stdout}${stderr}`.replace(/\s+/g, ' ') };
}
const learn = (more: readonly string[], env?: Record<string, string>) => call(['learn', ...more], env);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const isThere = (name: string) => existsSync(join(folder, name));

describe('hopcheck learn, from nothing to a definition that passes', () => {
  it('learns the shop in two calls, of which the first names all that has to be declared', async () => {
    await play('shop.yaml');
    const refused = await learn([...SHOP, ...FEW]);
    expect({ exitCode: refused.exitCode, written: isThere('shop.yaml') }).toEqual({ exitCode: 2, written: false });
    expect(refused.text).toContain('cart → redis: the call has no SERVER span below it, 40 of 40 requests');
    expect(refused.text).toContain('{ to: redis, traced: false }');
    expect(refused.text).toContain(`all of them: ${PEERS.join(' ')}`);
    const learnt = await learn([...SHOP, ...PEERS, ...FEW]);
    expect({ exitCode: learnt.exitCode, stderr: learnt.stderr }).toMatchObject({ exitCode: 0 });
    expect(parse(read('shop.yaml'))).toEqual({
      version: 1,
      name: 'shop',
      gateway: 'edge-gateway',
      entry: 'shop',
      requests: {
        home: { get: '/api/home' },
        orders: {
          post: '/api/orders',
          idempotent: true,
          json: { sku: '42' },
          answer: { status: 201 },
          reaches: ['shop', 'cart', 'pricing'],
        },
      },
      calls: {
        shop: ['catalog', 'cart', 'pricing'],
        catalog: [{ to: 'search', optional: true }],
        cart: [{ to: 'redis', traced: false }],
        pricing: [
          { to: 'tax', when: 'v2' },
          { to: 'www.rates.example', external: true },
        ],
      },
      versions: { catalog: ['v1', 'v2'], pricing: ['v1', 'v2'] },
    });
    expect(read('shop.yaml')).toMatch(/- cart # 40 of 40 requests\n/);
    expect(read('shop.yaml')).toMatch(
      /\{ to: tax, when: v2 \} # a guess: 0 of \d+ requests with v1, \d+ of \d+ with v2\n/,
    );
    expect(await call(['run', '--application', 'shop.yaml'])).toMatchObject({ exitCode: 0 });
  });

  it('learns the deep application, with two entries and a call through the gateway, in one', async () => {
    await play('deep.yaml');
    expect(await learn([...DEEP, ...FEW])).toMatchObject({ exitCode: 0 });
    const { definition } = playedApplication('deep.yaml');
    const { calls, requests, gateway } = parse(read('deep.yaml')) as typeof definition;
    expect({ calls, gateway }).toEqual({ calls: definition.calls, gateway: definition.gateway });
    expect(requests).toEqual({
      browse: { get: '/browse', entry: 'storefront' },
      report: { get: '/admin/report', entry: 'backoffice' },
    });
    expect(await call(['run', '--application', 'deep.yaml'])).toMatchObject({ exitCode: 0 });
  });

  it('learns Bookinfo as its own definition has it', async () => {
    await playBookinfo();
    expect(await learn(['--get', '/productpage', '--out', 'books.yaml'])).toMatchObject({ exitCode: 0 });
    expect(read('books.yaml')).toContain('a call that 5 % of the requests make is seen within 90 requests with 99 %');
    const { calls, versions, entry, gateway } = parse(read('books.yaml')) as typeof BOOKINFO;
    expect({ calls: calls.reviews, versions, entry, gateway }).toEqual({
      calls: BOOKINFO.calls.reviews,
      versions: BOOKINFO.versions,
      entry: BOOKINFO.entry,
      gateway: BOOKINFO.gateway,
    });
    expect(await call(['run', '--application', 'books.yaml'])).toMatchObject({ exitCode: 0 });
  });
});

describe('a mesh that is broken', () => {
  it.each([
    ['drop-all:pricing->tax', 'pricing → tax: the call is in another trace'],
    ['drop-header:shop->cart:x-request-id', 'HC507 shop->cart'],
    ['no-report:catalog', 'shop → catalog: the call has no SERVER span below it'],
    ['down:tax', 'pricing → tax: the call fails'],
    ['new-spanid:catalog', 'catalog → search: a span whose parent is not in the trace'],
    ['drop-all:shop->cart@0.2', 'shop → cart: the call is in another trace'],
  ])('is refused, and the hop named: shop with %s', async (fault, text) => {
    await play('shop.yaml', [fault]);
    const refused = await learn([...SHOP, ...PEERS, ...FEW]);
    expect({ exitCode: refused.exitCode, written: isThere('shop.yaml') }).toEqual({ exitCode: 2, written: false });
    expect(refused.text).toContain(text);
  });

  it.each([
    ['drop-all:ranking', 'ranking → vectors: the call is in another trace'],
    ['reuse-context:recommender', 'recommender'],
    ['no-report:profile', 'recommender → profile'],
  ])('is refused, and the hop named: deep with %s', async (fault, text) => {
    await play('deep.yaml', [fault]);
    const refused = await learn([...DEEP, ...FEW]);
    expect({ exitCode: refused.exitCode, written: isThere('deep.yaml') }).toEqual({ exitCode: 2, written: false });
    expect(refused.text).toContain(text);
  });

  it('is another thing than a trace backend that is down', async () => {
    await play('deep.yaml', ['backend-down']);
    expect(await learn([...DEEP, ...FEW])).toMatchObject({
      exitCode: 2,
      text: expect.stringContaining('nothing is learnt: the trace backend is not reachable'),
    });
  });
});

const LIKE = ['--application', 'books.yaml', ...FEW];
const BOOKS = `# ours
version: 1
name: books
requests: { page: { get: /productpage } }
calls:
  productpage: [details, reviews]
  reviews: [{ to: ratings, when: [v2, v3] }]
versions: { reviews: [v1, v2, v3] }
`;

describe('a definition that is there', () => {
  beforeEach(() => playBookinfo());

  it('is the same: exit 0, and nothing is written', async () => {
    write('books.yaml', BOOKS);
    expect(await learn([...LIKE, '--check'])).toMatchObject({ exitCode: 0, stdout: 'books.yaml: nothing differs\n' });
    expect(await learn(LIKE)).toMatchObject({ exitCode: 0 });
    expect({ text: read('books.yaml'), proposal: isThere('books.yaml.new') }).toEqual({ text: BOOKS, proposal: false });
  });

  it('is never overwritten, by whatever name it is found', async () => {
    write('books.yaml', BOOKS.replace('[details, reviews]', '[reviews]'));
    const { exitCode, stdout } = await learn(['--get', '/productpage', '--name', 'books', ...FEW]);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('+ productpage → details 40 of 40'),
    });
    expect(read('books.yaml')).toContain('productpage: [reviews]');
    expect(read('books.yaml.new')).toContain('# ours');
  });

  it('gets differences in words, and takes them one by one', async () => {
    const changed = BOOKS.replace('[details, ', '[').replace(
      '[{ to: ratings, when: [v2, v3] }]',
      '[payments, ratings]',
    );
    write('books.yaml', changed);
    const { exitCode, stdout } = await learn(LIKE);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      '+ productpage → details 40 of 40',
      '? reviews → payments declared, and not seen: pending',
      '~ reviews → ratings always → with v2, v3',
    ]);
    const one = await call(['learn', '--application', 'books.yaml', '--accept', 'productpage → details']);
    expect(one).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('accepted + productpage → details') });
    expect(parse(read('books.yaml')).calls).toEqual({
      productpage: ['reviews', 'details'],
      reviews: ['payments', 'ratings'],
    });
    const wrong = await call(['learn', '--application', 'books.yaml', '--accept', 'productpage->detail']);
    expect(wrong).toMatchObject({
      exitCode: 64,
      text: expect.stringContaining('one of reviews->payments, reviews->ratings'),
    });
    expect(await call(['learn', '--application', 'books.yaml', '--accept'])).toMatchObject({ exitCode: 0 });
    expect({ proposal: isThere('books.yaml.new'), ours: read('books.yaml').startsWith('# ours\n') }).toEqual({
      proposal: false,
      ours: true,
    });
    expect(await learn([...LIKE, '--check'])).toMatchObject({ exitCode: 0 });
    const run = await call(['run', '--application', 'books.yaml', '--report', 'json']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('"HC310"');
  });

  it('differs: --check ends with 1 and writes nothing, as every call does in CI', async () => {
    const text = BOOKS.replace('[details, reviews]', '[reviews]');
    write('books.yaml', text);
    expect(await learn([...LIKE, '--check'])).toMatchObject({ exitCode: 1 });
    expect(await learn(LIKE, { CI: 'true' })).toMatchObject({ exitCode: 1 });
    expect(await learn(['--get', '/productpage', '--out', 'other.yaml'], { CI: 'true' })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('version: 1'),
    });
    const accepted = await call(['learn', '--application', 'books.yaml', '--accept'], { CI: 'true' });
    expect(accepted).toMatchObject({ exitCode: 64, text: expect.stringContaining('nothing is written') });
    const proposals = ['books.yaml.new', 'other.yaml'].filter(isThere);
    expect({ text: read('books.yaml'), proposals }).toEqual({ text, proposals: [] });
  });

  it('cannot be compared with a mesh that is broken: --check ends with 2', async () => {
    await lab?.stop();
    await playBookinfo(['drop-all:reviews']);
    write('books.yaml', BOOKS);
    expect(await learn([...LIKE, '--check'])).toMatchObject({
      exitCode: 2,
      text: expect.stringContaining('reviews → ratings'),
    });
  });

  it('recognises a service that has another name now', async () => {
    write('books.yaml', BOOKS.replaceAll('ratings', 'stars'));
    const { stdout } = await learn(LIKE);
    expect(stdout.split('\n')[0]).toBe('= stars is called ratings now');
    expect(await call(['learn', '--application', 'books.yaml', '--accept', 'stars=ratings'])).toMatchObject({
      exitCode: 0,
    });
    expect(parse(read('books.yaml'))).toEqual(parse(BOOKS));
  });
});

describe('saved traces', () => {
  const save = (scenario: string) => write('traces.json', JSON.stringify(readRecording(scenario).legacy));

  it('are learnt from like a mesh', async () => {
    save('healthy-60');
    const { exitCode, stdout } = await callMain(['learn', 'traces.json'], { cwd: folder });
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('productpage → details: 18 of 18'),
    });
    expect(parse(read('productpage.yaml')).calls.reviews).toEqual([{ to: 'ratings', when: ['v2', 'v3'] }]);
  });

  it.each(['drop-all-reviews', 'no-sidecar-details', 'reuse-context-productpage', 'drop-request-id-productpage'])(
    'are refused where the mesh was broken: %s',
    async (scenario) => {
      save(scenario);
      expect(await callMain(['learn', 'traces.json'], { cwd: folder })).toMatchObject({ exitCode: 2, stdout: '' });
    },
  );

  it('need a request where they have none that is safe to send', async () => {
    save('healthy-60');
    const { exitCode, stderr } = await callMain(['learn', 'traces.json', '--get', '/other'], { cwd: folder });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('18 of GET /productpage'),
    });
  });
});

it('names what is missing where it has nothing to learn from', async () => {
  const { exitCode, stderr } = await callMain(['learn'], { cwd: folder });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('--get') });
  const check = await callMain(['learn', '--get', '/', '--check'], { cwd: folder });
  expect({ exitCode: check.exitCode, stderr: check.stderr }).toMatchObject({ exitCode: 64 });
});
