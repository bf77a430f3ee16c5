import { describe, expect, it } from 'vitest';
import { JUDGED_SAMPLES, SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderJson } from '../../reports/json.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { applyPolicy } from '../judge/policy.ts';
import { EVERYTHING_COUNTS } from '../model/policy.ts';
import { checkBaseline } from './check-baseline.ts';
import { resolvePolicy } from './policy.ts';

const asBaseline = (text: string) =>
  resolvePolicy({ flags: { baseline: 'before.json' }, env: {}, readFile: () => text }).baseline;
const pass = SAMPLES.pass!();
const run = {
  hops: pass.hops.map(({ caller, callee }) => `${caller}->${callee}`),
  promises: pass.promises.map(({ id }) => id),
};

describe('a baseline', () => {
  it('of the same application and promises is taken, also where the gateway has another name or a call is new', () => {
    const baseline = asBaseline(renderJson(pass));
    const [, ...rest] = run.hops;
    expect(() => checkBaseline(baseline, run)).not.toThrow();
    expect(() => checkBaseline(baseline, { ...run, hops: ['gw->productpage', ...rest, 'a->b'] })).not.toThrow();
    expect(() => checkBaseline(undefined, { hops: [], promises: [] })).not.toThrow();
  });

  it('of another application is refused, and both are named', () => {
    const shop = { ...run, hops: ['gw->shop', 'shop->stock'] };
    expect(() => checkBaseline(asBaseline(renderJson(pass)), shop)).toThrow(
      /expected a report of the same application; this one is of .*productpage.*, and the run is of gw->shop, shop->stock/,
    );
  });

  it('that did not judge a promise of the run is refused, and the promise is named', () => {
    const more = { ...run, promises: [...run.promises, 'sampling-rate'] };
    expect(() => checkBaseline(asBaseline(renderJson(pass)), more)).toThrow('this one did not judge sampling-rate');
  });

  it('that left a promise out by an option is refused, and one that was not able to judge it is not', () => {
    const selected = applyPolicy(JUDGED_SAMPLES.pass!(), { ...EVERYTHING_COUNTS, skip: [{ what: 'propagation' }] });
    expect(() => checkBaseline(asBaseline(renderJson(renderReport(selected))), run)).toThrow(
      'did not judge propagation',
    );
    const open = asBaseline(renderJson(SAMPLES.inconclusive!()));
    expect(() => checkBaseline(open, run)).not.toThrow();
  });

  it('of an older hopcheck without hops is taken', () => {
    const { hops: _, ...older } = JSON.parse(renderJson(pass));
    expect(() => checkBaseline(asBaseline(JSON.stringify(older)), { ...run, hops: ['x->y'] })).not.toThrow();
  });
});
