import { describe, expect, it } from 'vitest';
import { startTestService, type TestServiceOptions } from '../../fixtures/contract/test-service.ts';
import { freePort } from '../../fixtures/contract/with-stubs.ts';
import { forwards } from './contract.ts';

/** Tests a service of this process that calls two upstreams. */
async function tested(options: Omit<TestServiceOptions, 'upstreams'>) {
  const ports = { stock: await freePort(), prices: await freePort() };
  const upstreams = { stock: `http://127.0.0.1:${ports.stock}`, prices: `http://127.0.0.1:${ports.prices}` };
  const service = await startTestService({ upstreams, ...options });
  const report = await forwards({
    service: service.url,
    upstreams: { stock: String(ports.stock), prices: String(ports.prices) },
    hold: '0',
    isolation: 20,
  });
  await service.close();
  return report;
}

const losing = ({ upstream, headers }: { upstream: string; headers: readonly (readonly [string, string])[] }) =>
  upstream === 'prices' ? headers.filter(([name]) => name.toLowerCase() !== 'traceparent') : headers;

describe('toForwardTraceHeaders', () => {
  it('holds for a service that copies, by its promise and by its report', async () => {
    await expect(tested({})).toForwardTraceHeaders({ to: ['stock', 'prices'] });
    await expect(await tested({})).toForwardTraceHeaders();
  });

  it('fails where a header is lost, names it, and holds for the other upstream', async () => {
    const report = await tested({ send: losing });
    await expect(report).toForwardTraceHeaders({ to: ['stock'] });
    await expect(report).not.toForwardTraceHeaders({ to: ['prices'] });
    await expect(expect(report).toForwardTraceHeaders()).rejects.toThrow(/HC501 orders → prices[\s\S]*traceparent/);
  });

  it('fails where nothing was sent on', async () => {
    const report = forwards({ service: `http://127.0.0.1:${await freePort()}/orders`, upstreams: ['stock'] });
    await expect(expect(report).toForwardTraceHeaders()).rejects.toThrow(/inconclusive/);
  });

  it('refuses the name of an upstream that there is not', async () => {
    await expect(expect(tested({})).toForwardTraceHeaders({ to: ['stok'] })).rejects.toThrow('got "stok"');
  });
});
