import { describe, expect, it } from 'vitest';
import { describeClients } from '../../fixtures/testing/client-suite.ts';
import { describeFaults } from '../../fixtures/testing/fault-suite.ts';
import { BUSY, COMBINATIONS, describeLab, titleOf } from '../../fixtures/testing/lab-suite.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { bookinfoApplication } from './bookinfo/bookinfo.ts';
import { labOptions } from './options.ts';
import { startStandin } from './standin.ts';

const application = bookinfoApplication({ replicas: { 'productpage-v1': 2, 'reviews-v1': 2 } });

describe('the stand-in', () => {
  for (const combination of COMBINATIONS) {
    describeLab(titleOf(combination), () =>
      startStandin(
        labOptions({ ...BUSY, ...combination, application, clock: new SimulatedClock(), network: 'memory' }),
      ),
    );
  }
  describeLab('over sockets', () => startStandin(labOptions({ ...BUSY, application })));

  it('releases everything when it is stopped, even when stopped twice', async () => {
    const lab = await startStandin(labOptions({ foreignRate: 50 }));
    await lab.stop();
    await lab.stop();
    await expect(fetch(lab.ingressUrl)).rejects.toThrow();
    await expect(fetch(lab.jaegerUrl)).rejects.toThrow();
  });
});

for (const driver of ['zipkin', 'otel'] as const) {
  describeClients(`requests of clients, ${driver}, on the stand-in`, driver, () =>
    startStandin(labOptions({ driver, clock: new SimulatedClock(), network: 'memory' })),
  );
}

describeFaults('the fault table on the stand-in', (faults) =>
  startStandin(labOptions({ workers: 2, foreignRate: 2, faults, clock: new SimulatedClock(), network: 'memory' })),
);
