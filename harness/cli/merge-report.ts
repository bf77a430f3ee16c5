import { join } from 'node:path';
import { renderFleetHtml } from '../../reports/fleet/fleet-html.ts';
import { renderFleetJson } from '../../reports/fleet/fleet-json.ts';
import { renderFleetTerminal } from '../../reports/fleet/fleet-terminal.ts';
import { fileNames } from '../../reports/fleet/fleet-words.ts';
import { FORMATS } from '../../reports/formats.ts';
import { renderFleet } from '../../reports/text/render-fleet.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { writeFileAtomic } from '../capture/atomic-write.ts';
import { CaptureError } from '../capture/part.ts';
import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import { groupCaptures, type TargetCaptures, type WantedTarget } from '../fleet/group-captures.ts';
import { judgeFleet, judgeTarget } from '../fleet/judge-fleet.ts';
import type { FleetReport, JudgedTarget } from '../model/fleet-report.ts';
import type { Policy } from '../model/policy.ts';
import type { JudgedRun } from '../model/report.ts';
import { checkBaselineOf } from './baseline-of-run.ts';
import { type CaptureSource, readCapture, readHead } from './capture-files.ts';
import { type Delivery, deliver } from './deliver.ts';
import { exitCodeOf } from './ending.ts';
import { type Io, wantsColor } from './io.ts';
import { unmetSelectionLines } from './mistyped-tolerations.ts';
import { writeNewBaseline } from './new-baseline.ts';
import { columnsOf, say, viewOf } from './output.ts';
import type { RunOutput } from './run-output.ts';

/** The captures to merge, and the reports to make of them. */
export interface Merging {
  readonly sources: readonly CaptureSource[];
  /** The targets of a plan; absent: those of the captures. */
  readonly wanted?: readonly WantedTarget[];
  readonly policy: Policy;
  readonly output: RunOutput;
  /** Absolute; every target gets its report in it. Absent: no target does. */
  readonly folder?: string;
}

/** Judges captures together, and writes what was asked for. @returns the exit code @throws FleetError, CaptureError, ConfigError */
export function mergeAndReport({ sources, wanted, policy, output, folder }: Merging, io: Io): number {
  const named = new Map(sources.map((source) => [source.origin, source]));
  // A capture that the plan wants and that cannot be read is missing, and is named so.
  const heads = sources.flatMap((source) => {
    try {
      return [readHead(source)];
    } catch (error) {
      if (wanted === undefined || !(error instanceof CaptureError)) throw error;
      say(io.stderr, `${error.message}; it is left out`);
      return [];
    }
  });
  const targets = groupCaptures(heads, wanted);
  const read = ({ origins }: TargetCaptures) => origins.flatMap((origin) => named.get(origin) ?? []).map(readCapture);
  const [only, ...others] = targets;
  if (only === undefined) throw new RangeError('no target');
  if (others.length === 0 && wanted === undefined) {
    const { run } = judgeTarget({ ...only, captures: read(only) }, { targets: 1, policy, detail: true });
    if (run === undefined) throw new RangeError('a target without a capture');
    return reportOne(run, policy, output, io);
  }
  checkFleetOutput(policy, output);
  const pages = folder === undefined ? undefined : fileNames(targets.map(({ name }) => name));
  let complete = true;
  const attempt = (what: string, write: () => void) => {
    try {
      write();
    } catch (error) {
      complete = false;
      say(io.stderr, `${what} could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  // One after the other: what pictures need of a target is gone when the next one is read.
  const judged = targets.map((target): JudgedTarget => {
    const options = { targets: targets.length, policy, detail: folder !== undefined };
    const { run, ...rest } = judgeTarget({ ...target, captures: read(target) }, options);
    if (run === undefined) return rest;
    const { detail: _, ...kept } = run;
    const page = pages?.get(target.name);
    if (folder !== undefined && page !== undefined)
      attempt(`the report of ${target.name}`, () => {
        const report = renderReport(run);
        writeFileAtomic(join(folder, `${page}.html`), FORMATS.html(report));
        writeFileAtomic(join(folder, `${page}.json`), FORMATS.json(report));
      });
    return { ...rest, run: kept };
  });
  const fleet = renderFleet(judgeFleet(judged, policy));
  if (folder !== undefined) {
    const own = new Set(judged.flatMap(({ name, run }) => (run === undefined ? [] : [name])));
    const links = [...(pages ?? [])].flatMap(([name, page]) =>
      own.has(name) ? [[name, `./${page}.html`] as const] : [],
    );
    attempt('the fleet page', () =>
      writeFileAtomic(join(folder, 'index.html'), renderFleetHtml(fleet, new Map(links))),
    );
    attempt('the fleet report', () => writeFileAtomic(join(folder, 'fleet.json'), renderFleetJson(fleet)));
  }
  for (const delivery of output.deliveries)
    if (delivery.path !== undefined || delivery.format !== 'terminal')
      attempt(`the ${delivery.format} report`, () => deliverFleet(fleet, delivery, io));
  const taken = output.deliveries.some(({ path, format }) => path === undefined && format !== 'terminal');
  const forPeople = taken ? io.stderr : io.stdout;
  const color = wantsColor(forPeople, io.env, output.flags.color);
  forPeople.write(renderFleetTerminal(fleet, { color, columns: columnsOf(forPeople), view: viewOf(output.flags) }));
  return fleet.exitCode === 0 && !complete ? 2 : fleet.exitCode;
}

/** Of one target: its report as any other. */
function reportOne(judged: JudgedRun, policy: Policy, output: RunOutput, io: Io): number {
  checkBaselineOf(judged, policy);
  const report = renderReport(judged);
  for (const line of unmetSelectionLines(report)) say(io.stderr, line);
  const delivered = deliver(report, output.deliveries, io, output.flags);
  const complete = writeNewBaseline(report, output.newBaseline, io) && delivered;
  return exitCodeOf(report, io, complete);
}

const FLEET_FORMATS = {
  terminal: (fleet: FleetReport) => renderFleetTerminal(fleet, { color: false, view: 'verbose' }),
  json: renderFleetJson,
  html: (fleet: FleetReport) => renderFleetHtml(fleet),
} as const;

function isOfFleet(format: string): format is keyof typeof FLEET_FORMATS {
  return Object.hasOwn(FLEET_FORMATS, format);
}

function deliverFleet(fleet: FleetReport, { format, path }: Delivery, io: Io): void {
  if (!isOfFleet(format)) throw new RangeError(`no ${format} of a fleet`);
  const text = FLEET_FORMATS[format](fleet);
  if (path === undefined) io.stdout.data(text);
  else writeFileAtomic(path, text);
}

/** @throws ConfigError for what only one target has */
function checkFleetOutput({ baseline }: Policy, { deliveries, newBaseline }: RunOutput): void {
  const problems: ConfigProblem[] = deliveries.flatMap(({ format }) =>
    isOfFleet(format)
      ? []
      : [
          {
            option: '--report',
            value: format,
            expected: `${Object.keys(FLEET_FORMATS).join(', ')}: the other formats are of one target, see --out`,
            example: '--report json=fleet.json',
          },
        ],
  );
  const expected = 'the captures of one target: a baseline is the report of one';
  const example = 'hopcheck merge shop.*.capture --baseline shop.json';
  if (baseline !== undefined) problems.push({ option: '--baseline', value: baseline.from, expected, example });
  if (newBaseline !== undefined)
    problems.push({ option: '--write-baseline', value: newBaseline.value, expected, example });
  if (problems.length > 0) throw new ConfigError(problems);
}
