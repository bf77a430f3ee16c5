import {
  FLEET_REPORT_SCHEMA,
  type FleetReport,
  type FleetTarget,
  type JudgedFleet,
} from '../../harness/model/fleet-report.ts';
import { plural } from '../../harness/model/numbers.ts';
import { renderReport } from './render-report.ts';
import { titleOf } from './titles.ts';

/** Targets that the sentence names; the report lists all of them. */
const NAMED = 3;

/** The report of many targets: its data, with every text that people read. Pure. */
export function renderFleet({ targets: judged, stale, promises, ...fleet }: JudgedFleet): FleetReport {
  const targets = judged.map(({ name, verdict, parts, run }): FleetTarget => {
    const bare = { name, verdict, parts: { of: parts.of, missing: [...parts.missing] } };
    if (run === undefined) return { ...bare, sentence: `no capture of it is there: ${missingText(parts)}` };
    const { detail: _, ...report } = renderReport(run);
    return { ...bare, sentence: report.sentence, report };
  });
  return {
    schema: FLEET_REPORT_SCHEMA,
    ...fleet,
    sentence: sentenceOf(fleet.verdict, targets, stale),
    promises: promises.map((promise) => ({ ...promise, title: titleOf(promise.id) })),
    targets,
  };
}

function sentenceOf(
  verdict: FleetReport['verdict'],
  targets: readonly FleetTarget[],
  stale: readonly string[],
): string {
  const missing = targets.filter(({ parts }) => parts.missing.length > 0);
  const open = targets.filter((target) => target.verdict === 'inconclusive');
  switch (verdict) {
    case 'fail': {
      const failing = targets.filter((target) => target.verdict === 'fail');
      const also = missing.length === 0 ? '' : `; not decided: ${missingOf(missing)}`;
      const [worst] = failing;
      if (worst === undefined) return `tolerations fit no finding of any target (--fail-on stale): ${stale.join(', ')}`;
      const count = `${failing.length} of ${plural(targets.length, 'target')} ${failing.length === 1 ? 'fails' : 'fail'}`;
      return `${count}: ${worst.name}: ${worst.sentence}${moreText(failing.length - 1)}${also}`;
    }
    case 'inconclusive': {
      if (missing.length > 0) return `could not decide: ${missingOf(missing)}`;
      const [first] = open;
      if (first === undefined) return 'could not decide';
      return `could not decide ${open.length} of ${plural(targets.length, 'target')}: ${first.name}: ${first.sentence}${moreText(open.length - 1)}`;
    }
    case 'pass': {
      const sum = (of: (run: NonNullable<FleetTarget['report']>['run']) => number) =>
        targets.reduce((total, { report }) => total + (report === undefined ? 0 : of(report.run)), 0);
      const counts = `${plural(
        sum(({ probes }) => probes),
        'probe',
      )}, ${plural(
        sum(({ traces }) => traces),
        'trace',
      )}`;
      return `all promises judged hold on ${plural(targets.length, 'target')}: ${counts}`;
    }
  }
}

function missingOf(targets: readonly FleetTarget[]): string {
  const named = targets.slice(0, NAMED).map(({ name, parts }) => `${name}: ${missingText(parts)}`);
  const more = targets.length - named.length;
  return `${named.join('; ')}${more > 0 ? `; and parts of ${plural(more, 'more target')}` : ''}`;
}

/** `part 3 of 4 is missing` */
function missingText({ missing, of }: FleetTarget['parts']): string {
  if (of === 1) return 'the only part is missing';
  return `part ${missing.join(', ')} of ${of} ${missing.length === 1 ? 'is' : 'are'} missing`;
}

function moreText(more: number): string {
  return more > 0 ? ` (and ${more} more)` : '';
}
