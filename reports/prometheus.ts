import { subjectName } from '../harness/model/policy.ts';
import type { RunReport } from '../harness/model/report.ts';
import { asNoCommand } from './no-command.ts';
import { safeText } from './safe-text.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

const VERDICTS = ['pass', 'fail', 'inconclusive'] as const;
const STATUSES = ['pass', 'fail', 'inconclusive', 'skipped', 'not-supported'] as const;

/**
 * Prometheus' text format 0.0.4, for node_exporter's textfile collector. States are a sample each, 1 or 0, so that an
 * alert need not know what a number means.
 */
export function renderPrometheus(report: RunReport): string {
  const { verdict, exitCode, run, promises, hops, versions, timings } = report;
  const flag = (is: boolean) => (is ? 1 : 0);
  const own = (sample: Sample): readonly Sample[] => (run.imported === undefined ? [sample] : []);
  const findings = promises.flatMap(({ id, findings: found }) => found.map((finding) => ({ promise: id, ...finding })));
  const groups = Map.groupBy(findings, ({ promise, code, severity, subject, waived, explainedBy, baseline }) =>
    JSON.stringify([
      promise,
      code,
      severity,
      subjectName(subject),
      waived?.by ?? '',
      explainedBy === undefined ? '' : 'yes',
      baseline ?? '',
    ]),
  );
  const labelsOf = (key: string): Labels => {
    const [promise, code, severity, subject, waived, explained, baseline] = JSON.parse(key) as string[];
    return named({ promise, code, severity, subject, waived, explained, baseline });
  };
  return [
    family(
      'hopcheck_verdict',
      'Verdict of the last run, 1 for the one it has.',
      VERDICTS.map((word) => [{ verdict: word }, flag(word === verdict)]),
    ),
    family('hopcheck_exit_code', 'Exit code of the last run.', [[{}, exitCode]]),
    family('hopcheck_run_timestamp_seconds', 'When the last run started.', [
      [{}, (Date.parse(run.startedAt) || 0) / 1000],
    ]),
    // Nothing was sent or waited for where traces were imported.
    family('hopcheck_run_duration_seconds', 'How long the last run took.', own([{}, run.durationMs / 1000])),
    family(
      'hopcheck_settle_seconds',
      'How long it waited for spans after the last answer.',
      own([{}, timings.settleMs / 1000]),
    ),
    family('hopcheck_probes', 'Probes sent.', [[{}, run.probes]]),
    family('hopcheck_traces', 'Traces with at least one span.', [[{}, run.traces]]),
    family('hopcheck_info', 'Who was asked.', [
      [named({ version: run.hopcheck, ingress: run.target.ingress, trace_backend: run.target.traceBackend.url }), 1],
    ]),
    family(
      'hopcheck_promise_status',
      'Status of each promise, 1 for the one it has.',
      promises.flatMap(({ id, status }) =>
        STATUSES.map((word): Sample => [{ promise: id, status: word }, flag(word === status)]),
      ),
    ),
    family(
      'hopcheck_finding_affected',
      'Probes, traces or calls that a finding is about.',
      [...groups].map(([key, same]) => [labelsOf(key), same.reduce((sum, { share }) => sum + share.affected, 0)]),
    ),
    family(
      'hopcheck_finding_of',
      'Out of how many.',
      [...groups].map(([key, same]) => [labelsOf(key), same.reduce((sum, { share }) => sum + share.of, 0)]),
    ),
    family(
      'hopcheck_hop_seen',
      'Traces in which both halves of a hop were joined.',
      hops.map(({ caller, callee, seen }) => [{ caller, callee }, seen]),
    ),
    family(
      'hopcheck_hop_expected',
      'Traces in which a hop was expected.',
      hops.map(({ caller, callee, expected }) => [{ caller, callee }, expected]),
    ),
    family(
      'hopcheck_hop_header',
      'What became of a header at a hop, 1 for its cell.',
      hops.flatMap(({ caller, callee, headers }) =>
        Object.entries(headers).map(([header, { cell }]): Sample => [{ caller, callee, header, cell }, 1]),
      ),
    ),
    family(
      'hopcheck_version_served',
      'Attempts or pages by version.',
      versions === undefined
        ? []
        : Object.entries(versions.counts).map(([version, count]) => [
            { service: versions.service, version, unit: versions.unit },
            count,
          ]),
    ),
  ].join('');
}

function named(labels: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(Object.entries(labels).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Samples of one name and labels twice would make the collector refuse the whole file: the later one is left out. */
function family(name: string, help: string, samples: readonly Sample[]): string {
  const lines = new Map(samples.toReversed().map(([labels, value]) => [`${name}${labelText(labels)}`, value]));
  if (lines.size === 0) return '';
  const rows = [...lines].toReversed().map(([series, value]) => `${series} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${rows.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Prometheus, exposition formats: in label values backslash, quote and line feed are escaped; line feeds are shown already. */
function labelValue(value: string): string {
  return asNoCommand(safeText(value, 200)).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
