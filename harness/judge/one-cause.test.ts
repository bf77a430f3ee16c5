import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { renderTerminal } from '../../reports/terminal.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Finding } from '../model/finding.ts';
import { EVERYTHING_COUNTS, type Policy } from '../model/policy.ts';
import type { JudgedRun, RunReport } from '../model/report.ts';
import { judge } from './judge.ts';
import { applyPolicy } from './policy.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const runs = new Map<string, Promise<JudgedRun>>();

/** One run on the stand-in with these faults, judged; each is driven once. */
function run(...faults: readonly string[]): Promise<JudgedRun> {
  const key = faults.join(' + ');
  const known = runs.get(key) ?? drive(faults);
  runs.set(key, known);
  return known;
}

async function drive(faults: readonly string[], options: Partial<LabOptions> = {}): Promise<JudgedRun> {
  const simulated = { clock: new SimulatedClock(), network: 'memory' } as const;
  const parsed = faults.map((text) => parseFault(text, SERVICES));
  await using lab = await startStandin(labOptions({ faults: parsed, sampling: 100, ...simulated, ...options }));
  return judge(await surveyLab(lab, {}));
}

const report = (judged: JudgedRun, policy: Partial<Policy> = {}): RunReport =>
  renderReport(applyPolicy(judged, { ...EVERYTHING_COUNTS, ...policy }));
const all = ({ promises }: RunReport): readonly Finding[] => promises.flatMap(({ findings }) => findings);
const standing = (of: RunReport) =>
  all(of)
    .filter(({ severity, waived }) => severity !== 'info' && waived === undefined)
    .map(
      ({ code, subject }) =>
        `${code} ${subject.kind === 'hop' ? `${subject.caller}->${subject.callee}` : subject.kind === 'service' ? subject.service : subject.kind}`,
    )
    .toSorted();
const finding = (of: RunReport, code: string) =>
  all(of).find((one) => one.code === code && one.explainedBy === undefined);

describe('a caller that forwards to none of its callees', () => {
  it('is one finding with a table of its callees', async () => {
    const dropped = report(await run('drop-all:productpage'));
    const found = finding(dropped, 'HC501');
    expect(standing(dropped)).toEqual(['HC501 productpage']);
    expect(found?.callees?.map(({ callee }) => callee)).toEqual(['details', 'reviews']);
    expect(dropped.sentence).toContain('productpage does not pass the trace context on to details and reviews');
    expect(renderTerminal(dropped, { color: false })).toMatch(
      /calls to {2}details {2}(\d+) of \1\n +reviews {2}\1 of \1\n/,
    );
  });

  it('gives way to findings of its callees where a policy names one of them', async () => {
    const judged = await run('drop-all:productpage');
    const tolerated = report(judged, {
      tolerate: [{ code: 'HC501', subject: 'productpage->details', reason: 'known' }],
    });
    expect(standing(tolerated)).toEqual(['HC501 productpage->reviews']);
    const follows = all(tolerated).find(
      ({ code, subject }) => code === 'HC301' && JSON.stringify(subject).includes('ratings'),
    );
    expect(follows?.explainedBy?.subject).toMatchObject({ callee: 'reviews' });
  });

  it('is known to a report of an older hopcheck, which had a finding for each of its callees', async () => {
    const judged = await run('drop-all:productpage');
    const hop = (callee: string) => ({
      promise: 'propagation' as const,
      code: 'HC501' as const,
      subject: { kind: 'hop' as const, caller: 'productpage', callee },
      causes: ['context-dropped' as const],
    });
    const baseline = (...callees: readonly string[]) => ({
      baseline: { from: 'old.json', run: '1f', startedAt: '', findings: callees.map(hop) },
    });
    expect(report(judged, baseline('details', 'reviews')).policy?.baseline).toMatchObject({
      new: 0,
      known: 1,
      gone: [],
    });
    expect(report(judged, baseline('details')).policy?.baseline).toMatchObject({ new: 1, known: 1, gone: [] });
  });
});

describe('an outage', () => {
  it('comes before what it does to traces, and says what users see of it', async () => {
    const down = report(await run('sidecar-down:ratings'));
    expect(standing(down)).toEqual(['HC103 reviews->ratings']);
    expect(down.sentence).toMatch(
      /^ratings cannot be reached \(503, connection refused\): \d+ of 86 pages show an error$/,
    );
  });

  it('of a slow service says when it answers and who does not wait, and no version is called unserved', async () => {
    const slow = report(await run('slow:ratings:7000'));
    expect(slow.sentence).toMatch(/^ratings answers too late: after 7\.0 s; reviews v3 gives up after 2\.5 s: /);
    expect(standing(slow)).toEqual(['HC103 reviews->ratings']);
    expect(all(slow).map(({ code }) => code)).not.toContain('HC201');
  });

  it('of one version names that version, whether pages show it or not', async () => {
    const down = report(await run('down:reviews-v2'));
    expect(standing(down)).toEqual(['HC201 reviews']);
    expect(down.sentence).toMatch(/^reviews v2 does not run behind its sidecar: none of \d+ attempts was served$/);
    // Both tries of a page go to the same version now and then.
    const shown = report(await drive(['down:reviews-v2'], { lb: 'random' }));
    expect(standing(shown)).toEqual(['HC201 reviews']);
    expect(shown.sentence).toMatch(
      /^reviews v2 does not run behind its sidecar: none of \d+ attempts was served, and \d+ of 86 pages show an error$/,
    );
    expect(shown.promises.find(({ id }) => id === 'ingress')?.status).toBe('fail');
    const slow = report(await run('slow:reviews-v2:7000'));
    expect(slow.sentence).toContain('reviews v2 answers too late: productpage gives up after 3.0 s');
  });

  it('of the entry service is the one finding of the gateway', async () => {
    const missing = report(await run('missing:productpage'));
    expect(standing(missing)).toEqual(['HC102 mesh']);
    expect(missing.sentence).toBe(
      'productpage cannot be reached (503, no healthy endpoint): 86 of 86 probes were answered 503',
    );
  });

  it('by a fault rule is the finding of the rule, whatever follows from the delay', async () => {
    expect(standing(report(await run('delay:reviews->ratings:7000')))).toEqual(['HC307 reviews->ratings']);
  });
});

describe('two faults', () => {
  it.each([
    [
      ['drop-all:productpage', 'no-report:details'],
      ['HC306 details', 'HC501 productpage'],
    ],
    [
      ['drop-all:productpage', 'drop-all:reviews'],
      ['HC501 productpage', 'HC501 reviews->ratings'],
    ],
    [
      ['drop-all:productpage', 'missing:ratings'],
      ['HC103 reviews->ratings', 'HC501 productpage'],
    ],
  ] as const)('%s are two findings: what lies below a break is judged in its fragment', async (faults, found) => {
    expect(standing(report(await run(...faults)))).toEqual(found);
  });

  it('of which one hides the other leave calls that are counted as not judged', async () => {
    const hidden = report(await run('force-unsampled:productpage', 'drop-all:reviews'));
    const row = hidden.hops.find(({ caller }) => caller === 'reviews');
    expect(row?.notJudged).toBeGreaterThan(0);
    const observed = hidden.promises.find(({ id }) => id === 'propagation')?.observed;
    expect(observed).toContain(`not judged, below a break: ${row?.notJudged} calls reviews → ratings`);
  });
});

describe('a version', () => {
  it('is not named for what chance alone may have done to its calls', async () => {
    const found = finding(report(await run('error-rate:ratings:5')), 'HC103');
    expect(found?.subject).toEqual({ kind: 'hop', caller: 'reviews', callee: 'ratings' });
    expect(Object.keys(found?.shareByVersion ?? {})).toEqual(['v2', 'v3']);
    expect(found?.versionTest).toMatchObject({ method: 'fisher-exact', alpha: 0.01 });
    expect(found?.versionTest?.pValue).toBeGreaterThan(0.01);
  });

  it('is named where its calls differ from those of the others, with the test', async () => {
    const dropped = report(await run('drop-all:reviews-v3'));
    const found = finding(dropped, 'HC501');
    expect(found?.subject).toMatchObject({ callerVersions: ['v3'] });
    expect(found?.versionTest?.pValue).toBeLessThan(0.01);
    expect(renderTerminal(dropped, { color: false })).toMatch(/the versions\s+differ \(Fisher's exact\s+test/);
  });
});

describe('a remedy', () => {
  it.each([
    [
      'blank-header:productpage:x-b3-sampled',
      'HC603',
      'copy x-b3-sampled to each of its calls (details, reviews) with the value that came: never 0, never empty',
    ],
    ['blank-header:productpage:x-request-id', 'HC507', 'never empty'],
    [
      'b3-single:productpage',
      'HC501',
      'have it copy b3 and traceparent too, or have the service before it send the x-b3 headers',
    ],
    ['new-spanid:productpage', 'HC506', 'give the tracing library of productpage an exporter'],
    ['down:ratings', 'HC103', 'start the application of ratings'],
    ['missing:ratings', 'HC103', 'give ratings a ready pod'],
    ['error-rate:ratings:100', 'HC103', 'read the log of ratings'],
    ['slow:ratings:7000', 'HC103', 'find out why ratings is slow'],
  ])('of %s is that of its cause', async (fault, code, remedy) => {
    expect(finding(report(await run(fault)), code)?.remedy).toContain(remedy);
  });
});

describe('--only smoke', () => {
  it('judges smoke, and explains it with everything that was seen', async () => {
    const smoke = report(await run('drop-all:productpage'), { only: [{ what: 'smoke' }] });
    const status = (id: string) => smoke.promises.find((promise) => promise.id === id)?.status;
    expect({ shape: status('trace-shape'), propagation: status('propagation') }).toEqual({
      shape: 'fail',
      propagation: 'skipped',
    });
    expect(smoke.sentence).toContain('productpage does not pass the trace context on to details and reviews');
    expect(standing(smoke)).toEqual([]);
  });
});

describe('the numbers of a report', () => {
  it.each(['drop-all:productpage', 'force-unsampled:productpage'])('count one set under %s', async (fault) => {
    const counted = report(await run(fault));
    const judged = counted.hops[0]?.expected;
    const sizes = all(counted).flatMap(({ callees = [] }) => callees.map(({ share }) => share.of));
    expect(new Set(sizes)).toEqual(new Set([judged]));
    const seen = counted.promises.find(({ id }) => id === 'sampling')?.facts.observed;
    if (seen?.kind !== 'decisions-seen') throw new Error('sampling shows no decisions');
    expect(seen.inPart).toBeLessThanOrEqual(seen.forcedOn.traced);
  });
});

describe('without --verbose', () => {
  it.each([
    ['backend-duplicate', /HC719 info · the trace backend: /],
    ['clock-skew:details:-250', /HC717 info · details: its clock/],
    ['sampling:1', /HC606 info · the mesh: undecided probes traced: 0 of 10/],
  ])('%s is a line', async (fault, line) => {
    expect(renderTerminal(report(await run(fault)), { color: false })).toMatch(line);
  });

  it('a mesh that traces everything by itself needs no line', async () => {
    expect(renderTerminal(report(await run()), { color: false })).not.toContain('HC606');
  });
});
