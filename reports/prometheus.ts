import { OUTCOME_STATUSES } from '../harness/model/outcome.ts';
import { type RunReport, VERDICTS } from '../harness/model/report.ts';
import { exposition, type Family, type Labels, labelText, type Sample } from './exposition.ts';
import { hopStates } from './hop-states.ts';
import { type KnownNames, knownNames, meshOf, subjectLabel, versionsLabel } from './prometheus-labels.ts';

type ReportedFinding = RunReport['promises'][number]['findings'][number] & { readonly promise: string };

/**
 * Prometheus' text format 0.0.4, for node_exporter's textfile collector (docs/prometheus.md). States are a sample each, 1
 * or 0, so that an alert need not know what a number means. Every sample names its mesh: the collector refuses a series
 * that two files have. A family's help never changes, because it compares these too.
 */
export function renderPrometheus(report: RunReport): string {
  return exposition(reportFamilies(report), 'text');
}

/** The families of one report, each sample with its mesh. */
export function reportFamilies(report: RunReport): readonly Family[] {
  const mesh = meshOf(report.run);
  const names = knownNames(report);
  const families = [...runFamilies(report), ...findingFamilies(report, names), ...hopFamilies(report, names)];
  return families.map((family) => ({
    ...family,
    samples: family.samples.map(([labels, value]): Sample => [{ mesh, ...labels }, value]),
  }));
}

function runFamilies({ verdict, exitCode, run, promises, timings }: RunReport): readonly Family[] {
  const flag = (is: boolean) => (is ? 1 : 0);
  // Nothing was sent or waited for where traces were imported.
  const own = (value: number): readonly Sample[] => (run.imported === undefined ? [[{}, value]] : []);
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, samples });
  return [
    gauge(
      'hopcheck_verdict',
      'Verdict of the last run, 1 for the one it has.',
      VERDICTS.map((word) => [{ verdict: word }, flag(word === verdict)]),
    ),
    gauge('hopcheck_exit_code', 'Exit code of the last run.', [[{}, exitCode]]),
    gauge('hopcheck_run_timestamp_seconds', 'When the last run started.', [
      [{}, (Date.parse(run.startedAt) || 0) / 1000],
    ]),
    gauge('hopcheck_run_duration_seconds', 'How long the last run took.', own(run.durationMs / 1000)),
    gauge(
      'hopcheck_settle_seconds',
      'How long it waited for spans after the last answer.',
      own(timings.settleMs / 1000),
    ),
    gauge('hopcheck_probes', 'Requests whose traces were judged: probes sent, or those of an imported run.', [
      [{}, run.probes],
    ]),
    gauge('hopcheck_traces', 'Traces with at least one span.', [[{}, run.traces]]),
    gauge('hopcheck_info', 'Who was asked.', [
      [{ version: run.hopcheck, ingress: run.target.ingress, trace_backend: run.target.traceBackend.url }, 1],
    ]),
    gauge(
      'hopcheck_promise_status',
      'Status of each promise, 1 for the one it has.',
      promises.flatMap(({ id, status }) =>
        OUTCOME_STATUSES.map((word): Sample => [{ promise: id, status: word }, flag(word === status)]),
      ),
    ),
  ];
}

/**
 * Findings are counted where they look the same by their labels (all that is about services out of the definition, say).
 * How often one was seen is not added up: two findings may be about the same traces, and no sum has a meaning.
 */
function findingFamilies({ promises }: RunReport, names: KnownNames): readonly Family[] {
  const findings = promises.flatMap(({ id, findings: found }) => found.map((finding) => ({ promise: id, ...finding })));
  const groups = [...Map.groupBy(findings, (finding) => labelText(labelsOf(finding, names))).values()].map((same) => {
    const [most] = same.toSorted((one, other) => other.share.affected - one.share.affected);
    return { labels: most === undefined ? {} : labelsOf(most, names), share: most?.share, count: same.length };
  });
  return [
    {
      name: 'hopcheck_findings',
      help: 'Findings with these labels.',
      samples: groups.map(({ labels, count }) => [labels, count]),
    },
    {
      name: 'hopcheck_finding_affected',
      help: 'How many probes, traces, calls or pages a finding is about; of several findings the most.',
      samples: groups.map(({ labels, share }) => [labels, share?.affected ?? 0]),
    },
    {
      name: 'hopcheck_finding_of',
      help: 'Out of how many; of several findings those of the one that affects most.',
      samples: groups.map(({ labels, share }) => [labels, share?.of ?? 0]),
    },
  ];
}

function labelsOf(finding: ReportedFinding, names: KnownNames): Labels {
  const { promise, code, severity, subject, causes, waived, explainedBy, baseline } = finding;
  return {
    promise,
    code,
    severity,
    subject: subjectLabel(subject, names),
    versions: versionsLabel(subject, names),
    cause: causes.join(','),
    waived: waived?.by,
    explained: explainedBy === undefined ? '' : 'yes',
    baseline,
  };
}

function hopFamilies(report: RunReport, names: KnownNames): readonly Family[] {
  const { hops, versions } = report;
  const served = new Map<string, number>();
  for (const [version, count] of Object.entries(versions?.counts ?? {})) {
    const name = names.version(version);
    served.set(name, (served.get(name) ?? 0) + count);
  }
  return [
    {
      name: 'hopcheck_hop_seen',
      help: 'Traces in which both halves of a hop were joined.',
      samples: hops.map(({ caller, callee, seen }) => [{ caller, callee }, seen]),
    },
    {
      name: 'hopcheck_hop_expected',
      help: 'Traces in which a hop was expected.',
      samples: hops.map(({ caller, callee, expected }) => [{ caller, callee }, expected]),
    },
    {
      name: 'hopcheck_hop_state',
      help: 'State of each hop, 1 for the one it has.',
      samples: hopStates(report),
    },
    {
      name: 'hopcheck_hop_header',
      help: 'What became of a header at a hop, 1 for its cell.',
      samples: hops.flatMap(({ caller, callee, headers }) =>
        Object.entries(headers).map(([header, { cell }]): Sample => [{ caller, callee, header, cell }, 1]),
      ),
    },
    {
      name: 'hopcheck_version_served',
      help: 'Attempts or pages by version.',
      samples: [...served].map(([version, count]) => [
        { service: versions?.service, version, unit: versions?.unit },
        count,
      ]),
    },
  ];
}
