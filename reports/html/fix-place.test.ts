import { describe, expect, it } from 'vitest';
import { FIRST_SCREEN_FAULTS, faultReport } from '../../fixtures/testing/fault-reports.ts';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { topologyGraph } from './topology-graph.ts';

/** The words of the map for each place that is not plain: `fix here`, or the state and what stands there. */
function marks(report: RunReport): Readonly<Record<string, string>> {
  const { services, hops } = topologyGraph(report);
  return Object.fromEntries([
    ...services.flatMap(({ name, state, fix, says }) =>
      fix !== undefined ? [[name, 'fix here']] : state === 'whole' ? [] : [[name, `${state} ${says}`]],
    ),
    ...hops.flatMap(({ caller, callee, state, fix, count }) =>
      state === 'whole' ? [] : [[`${caller} → ${callee}`, fix === undefined ? `${state} ${count}`.trim() : 'fix here']],
    ),
  ]);
}

/** Of each fault: one culprit at most, and no victim that looks like one. */
const MARKS: Readonly<Record<(typeof FIRST_SCREEN_FAULTS)[number], Readonly<Record<string, string>>>> = {
  'drop-all:reviews': {
    reviews: 'fix here',
    ratings: 'victim not reached',
    'reviews → ratings': 'broken 0 of 48',
  },
  'drop-all:productpage': {
    productpage: 'fix here',
    details: 'victim not reached',
    reviews: 'victim not reached',
    ratings: 'victim not reached',
    'productpage → details': 'broken 0 of 72',
    'productpage → reviews': 'broken 0 of 72',
    'reviews → ratings': 'unseen',
  },
  'no-report:details': { details: 'fix here', 'productpage → details': 'victim 0 of 72' },
  'sidecar-down:ratings': { ratings: 'fix here', 'reviews → ratings': 'broken 0 of 48' },
  'slow:ratings:7000': {
    ratings: 'fix here',
    'reviews → ratings': 'broken HC103 42 of 86',
    'productpage → reviews': 'victim 72 of 72',
  },
  'missing:reviews-v3': { reviews: 'fix here' },
  'force-unsampled:productpage': {
    productpage: 'fix here',
    details: 'victim not reached',
    reviews: 'victim not reached',
    ratings: 'victim not reached',
    'productpage → details': 'broken 0 of 72',
    'productpage → reviews': 'broken 0 of 72',
    'reviews → ratings': 'unseen',
  },
  'reuse-context:productpage': {
    productpage: 'fix here',
    details: 'victim not reached',
    reviews: 'victim not reached',
    ratings: 'victim not reached',
    'productpage → details': 'broken 0 of 72',
    'productpage → reviews': 'broken 0 of 72',
    'reviews → ratings': 'unseen',
  },
  'backend-down': {
    'istio-ingressgateway → productpage': 'unseen',
    'productpage → details': 'unseen',
    'productpage → reviews': 'unseen',
    'reviews → ratings': 'unseen',
  },
  'pin:reviews:v1': { reviews: 'fix here', 'reviews → ratings': 'unseen' },
};

describe('the map', () => {
  it.each(FIRST_SCREEN_FAULTS)(
    'marks where something has to be changed, and greys what follows, under %s',
    async (fault) => {
      expect(marks(await faultReport(fault))).toEqual(MARKS[fault]);
    },
  );

  it('marks nothing on a run that passed', () => {
    expect(marks(SAMPLES.pass!())).toEqual({});
  });

  it('has what is tolerated in amber, and asks no person to fix it', () => {
    const { services, hops } = topologyGraph(SAMPLES.waived!());
    expect(services.find(({ name }) => name === 'productpage')).toMatchObject({ state: 'tolerated' });
    expect([...services, ...hops].filter(({ fix }) => fix !== undefined)).toEqual([]);
  });
});
