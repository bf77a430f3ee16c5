import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';
import { renderPrometheus } from './prometheus.ts';

const base = SAMPLES['fail-dropped']!();
const [finding] = base.promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));

/** The samples of a family as text, without the label that all have. */
function samples(report: RunReport, family: string): string[] {
  const lines = renderPrometheus(report).split('\n');
  return lines.filter((line) => line.startsWith(`${family}{`)).map((line) => line.replace(/mesh="[^"]*",/, ''));
}

function withFindings(findings: readonly Partial<Finding>[]): RunReport {
  const promises = base.promises.map((promise, index) => ({
    ...promise,
    findings: index === 2 ? findings.map((one) => ({ ...finding!, ...one })) : [],
  }));
  return { ...base, promises };
}

const neverServed = (version: string): Partial<Finding> => ({
  code: 'HC201',
  causes: ['version-missing'],
  subject: { kind: 'service', service: 'reviews', versions: [version] },
  share: { affected: 0, of: 43 },
});
const unexpected = (service: string, affected: number): Partial<Finding> => ({
  code: 'HC304',
  causes: ['unexpected-call'],
  subject: { kind: 'hop', caller: 'productpage', callee: service, calleeVersions: [service] },
  share: { affected, of: 72 },
});

describe('findings as series', () => {
  it('are separated by version, each with its counts', () => {
    const report = withFindings([neverServed('v2'), neverServed('v3')]);
    const labels = (version: string) =>
      `{promise="load-balancing",code="HC201",severity="error",subject="reviews",versions="${version}",cause="version-missing"}`;
    expect(samples(report, 'hopcheck_findings')).toEqual([
      `hopcheck_findings${labels('v2')} 1`,
      `hopcheck_findings${labels('v3')} 1`,
    ]);
    expect(samples(report, 'hopcheck_finding_of')).toEqual([
      `hopcheck_finding_of${labels('v2')} 43`,
      `hopcheck_finding_of${labels('v3')} 43`,
    ]);
  });

  it('are one series for everything outside the definition, counted and never added up', () => {
    const report = withFindings(Array.from({ length: 95 }, (_, index) => unexpected(`svc-${index}`, index % 21)));
    const labels =
      '{promise="load-balancing",code="HC304",severity="error",subject="productpage->other",versions="->other",cause="unexpected-call"}';
    expect(samples(report, 'hopcheck_findings')).toEqual([`hopcheck_findings${labels} 95`]);
    expect(samples(report, 'hopcheck_finding_affected')).toEqual([`hopcheck_finding_affected${labels} 20`]);
    expect(samples(report, 'hopcheck_finding_of')).toEqual([`hopcheck_finding_of${labels} 72`]);
  });

  it('make no series for a version that is not expected', () => {
    const counts = { v1: 2, 'v1-7d9f': 1, 'v1-88c2': 3 };
    const report = { ...base, versions: { ...base.versions!, counts } };
    expect(samples(report, 'hopcheck_version_served')).toEqual([
      'hopcheck_version_served{service="reviews",version="v1",unit="attempts"} 2',
      'hopcheck_version_served{service="reviews",version="other",unit="attempts"} 4',
    ]);
  });

  it('stay two for names of an application that differ late', () => {
    const long = 'x'.repeat(250);
    const hops = ['a', 'b'].map((end) => ({ ...base.hops[0]!, callee: `${long}${end}` }));
    expect(samples({ ...base, hops }, 'hopcheck_hop_seen')).toHaveLength(2);
  });
});

describe('the mesh in every sample', () => {
  const series = (report: RunReport) =>
    renderPrometheus(report)
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.replace(/ [^ ]*$/, ''));
  const at = (ingress: string): RunReport => ({
    ...base,
    run: { ...base.run, target: { ...base.run.target, ingress } },
  });

  it('keeps files of two meshes apart', () => {
    const [one, other] = [series(at('http://a.example/')), series(at('http://b.example:8080/'))];
    expect(one.filter((line) => other.includes(line))).toEqual([]);
    for (const line of one) expect(line).toContain('{mesh="a.example"');
  });

  it('is not a credential', () => {
    const report = at('http://user:secret@a.example:8080/path?token=secret');
    for (const line of series(report)) if (!line.startsWith('hopcheck_info')) expect(line).not.toContain('secret');
  });

  it('is the context where a port-forward has another port each time', () => {
    for (const line of series(SAMPLES.cluster!())) expect(line).toContain('{mesh="kind-demo"');
  });

  it('is left out where it is unknown', () => {
    for (const line of series(SAMPLES.imported!())) expect(line).not.toContain('mesh=');
  });
});

it('the page in docs has the families and labels of the output', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../docs/prometheus.md'), 'utf8');
  const [families = '', findingLabels = ''] = page
    .split('\n\n')
    .filter((block) => /^\| (?:metric|label) \|/.test(block));
  const words = (text: string) => [...text.matchAll(/`([^`]*)`/g)].map(([, word]) => word ?? '');
  const ofFinding = findingLabels.split('\n').flatMap((row) => words(row.split('|')[1] ?? ''));
  const documented = families
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').slice(1, 3))
    .map(([name = '', labels = '']) => [
      words(name)[0],
      labels.includes('those of a finding') ? ofFinding : words(labels),
    ]);
  const written = new Map<string, Set<string>>();
  for (const sample of [...Object.values(SAMPLES).map((make) => make()), withFindings([neverServed('v2')])])
    for (const [, name = '', labels = ''] of renderPrometheus(sample).matchAll(/^(hopcheck_\w+)(?:\{(.*)\})? /gm)) {
      const found = written.get(name) ?? new Set();
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) if (label !== 'mesh') found.add(label);
      written.set(name, found);
    }
  const sorted = (rows: Iterable<readonly [unknown, Iterable<string>]>) =>
    [...rows].map(([name, labels]) => `${name}: ${[...labels].toSorted().join(' ')}`).toSorted();
  expect(sorted(documented as [string, string[]][])).toEqual(sorted(written));
});

it('a help text is the same in every file, because the collector compares them', () => {
  const helps = Object.values(SAMPLES).flatMap((make) => renderPrometheus(make()).match(/^# HELP .*$/gm) ?? []);
  const names = [...new Set(helps)].map((line) => line.split(' ')[2]);
  expect(new Set(names).size).toBe(names.length);
});
