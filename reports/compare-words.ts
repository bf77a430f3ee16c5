import { percent, plural } from '../harness/model/numbers.ts';
import type {
  ComparedShares,
  FindingChange,
  FindingState,
  HopChange,
  RunComparison,
  TimingChange,
  VersionChange,
} from '../harness/model/run-comparison.ts';
import { unseenInWords } from './baseline-words.ts';
import { safeText } from './characters/safe-text.ts';
import { findingInWords, STATUS_WORDS, seconds, verdictInWords } from './words.ts';

/** A line of a comparison: what it is about, and what became of it. */
export interface CompareLine {
  readonly mark: 'good' | 'bad' | 'unsure' | 'plain';
  readonly text: string;
}

export interface CompareSection {
  readonly id: 'promises' | 'findings' | 'hops' | 'shares' | 'timings';
  readonly title: string;
  readonly changed: readonly CompareLine[];
  /** One line about all that did not change; absent: there was nothing to compare. */
  readonly rest?: string;
}

/** `Before: PASS (run …). After: FAIL (run …).`, and what differs, in one sentence each. */
export function compareSentence({ before, after, isSame, findings, promises }: RunComparison): string {
  const [was, is] = [verdictInWords(before), verdictInWords(after)];
  const verdicts = was === is ? `${is} in both` : `${was} before, ${is} after`;
  if (isSame) return `${verdicts}; nothing differs but times, and counts that chance explains`;
  const states: readonly FindingState[] = ['new', 'worse', 'gone', 'better'];
  const counts = states.flatMap((state) => {
    const count = findings.filter((finding) => finding.state === state).length;
    return count === 0 ? [] : [plural(count, `${STATE_WORDS[state]} finding`)];
  });
  const changed = promises.filter((one) => one.before !== one.after).map(({ id }) => id);
  const of = changed.length === 0 ? [] : [`${changed.join(', ')} changed`];
  return [verdicts, ...of, ...counts].join('; ');
}

const STATE_WORDS: Readonly<Record<FindingState, string>> = {
  new: 'new',
  worse: 'worse',
  gone: 'gone',
  better: 'better',
  'not-seen': 'not seen this time',
  known: 'as before',
};

const FINDING_MARKS: Readonly<Record<FindingState, CompareLine['mark']>> = {
  new: 'bad',
  worse: 'bad',
  gone: 'good',
  better: 'good',
  'not-seen': 'unsure',
  known: 'plain',
};

/** Everything that differs, in the order in which a person reads it; times last. */
export function compareSections(comparison: RunComparison): readonly CompareSection[] {
  const { promises, findings, hops, versions, timings } = comparison;
  const statuses = promises.filter((one) => one.before !== one.after);
  const changedHops = hops.filter(({ state, headers }) => state !== 'same' || headers.length > 0);
  const changedVersions = versions.filter(({ isChanged }) => isChanged);
  const known = findings.filter(({ state }) => state === 'known').length;
  return [
    {
      id: 'promises',
      title: 'Promises',
      changed: statuses.map(({ id, before, after }) => ({
        mark: after === 'pass' ? 'good' : after === 'fail' ? 'bad' : 'unsure',
        text: `${id}: ${statusInWords(before)} before, ${statusInWords(after)} after`,
      })),
      ...restOf(promises.length - statuses.length, 'promise', 'has the same outcome', 'have the same outcome'),
    },
    {
      id: 'findings',
      title: 'Findings',
      changed: findings.filter(({ state }) => state !== 'known').map(findingLine),
      ...restOf(known, 'finding', 'is as before', 'are as before'),
    },
    {
      id: 'hops',
      title: 'Hops',
      changed: changedHops.map(hopLine),
      ...restOf(hops.length - changedHops.length, 'hop', 'is as before', 'are as before'),
    },
    {
      id: 'shares',
      title: 'Shares of the versions',
      changed: changedVersions.map((one) => ({ mark: 'unsure', text: versionInWords(one) })),
      ...restOf(versions.length - changedVersions.length, 'version', 'has', 'have', ' a share that chance explains'),
    },
    { id: 'timings', title: 'Times', changed: timings.map(timingLine) },
  ];
}

function restOf(count: number, one: string, is: string, are: string, end = ''): { readonly rest?: string } {
  return count === 0 ? {} : { rest: `${plural(count, one)} ${count === 1 ? is : are}${end}` };
}

function statusInWords(status: keyof typeof STATUS_WORDS | undefined): string {
  return status === undefined ? 'not in the report' : STATUS_WORDS[status];
}

/** `worse: HC501 reviews → ratings: … (50 of 50 calls); 1 of 50 before, 50 of 50 after (p 3e-29, level 0.005)` */
function findingLine({ state, finding, shares, addedVersions = [], why }: FindingChange): CompareLine {
  const versions =
    addedVersions.length === 0 ? [] : [`${addedVersions.map((one) => safeText(one)).join(', ')} as well now`];
  const reason =
    why === undefined
      ? []
      : [state === 'new' ? `the earlier run would not have shown it: ${unseenInWords(why)}` : unseenInWords(why)];
  const parts = [
    findingInWords(finding),
    ...(shares === undefined ? [] : [sharesInWords(shares)]),
    ...versions,
    ...reason,
  ];
  return { mark: FINDING_MARKS[state], text: `${STATE_WORDS[state]}: ${parts.join('; ')}` };
}

function hopLine({ caller, callee, state, lost, headers }: HopChange): CompareLine {
  const name = `${safeText(caller)} → ${safeText(callee)}`;
  const cells = headers.map(({ header, before, after }) => `${safeText(header)} ${before} before, ${after} after`);
  if (state === 'added') return { mark: 'unsure', text: `${name}: only in the later report` };
  if (state === 'removed') return { mark: 'unsure', text: `${name}: only in the earlier report` };
  const counts = state === 'same' || lost === undefined ? [] : [`calls not seen: ${sharesInWords(lost)}`];
  const isBad = state === 'worse' || headers.some(({ after }) => after !== 'kept');
  return { mark: isBad ? 'bad' : 'good', text: `${name}: ${[...counts, ...cells].join('; ')}` };
}

function versionInWords({ service, version, ...shares }: VersionChange): string {
  return `${safeText(service)} ${safeText(version)}: ${sharesInWords(shares)}`;
}

function timingLine({ name, beforeMs, afterMs }: TimingChange): CompareLine {
  return { mark: 'plain', text: `${name}: ${seconds(beforeMs)} before, ${seconds(afterMs)} after` };
}

/** `1 of 50 (2 %) before, 50 of 50 (100 %) after (p 3e-29, level 0.005)` */
function sharesInWords({ before, after, pValue, alpha }: ComparedShares): string {
  const number = (value: number) => String(Number(value.toPrecision(2)));
  return `${tally(before)} before, ${tally(after)} after (p ${number(pValue)}, level ${number(alpha)})`;
}

function tally({ affected, of }: ComparedShares['before']): string {
  return of === 0 ? 'none' : `${affected} of ${of} (${percent(affected / of)})`;
}

/** `run 1f2e3d4c of 2026-11-24 12:00 UTC, 86 probes` */
export function sideInWords({ run }: RunComparison['before']): string {
  const at = run.startedAt.slice(0, 16).replace('T', ' ');
  return `run ${safeText(run.id)} of ${safeText(at)} UTC, ${plural(run.probes, run.imported === undefined ? 'probe' : 'request')}`;
}
