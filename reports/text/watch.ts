import type { OutcomeStatus } from '../../harness/model/outcome.ts';
import type { PromiseId } from '../../harness/model/promises.ts';
import type { RunEnd, StandingName, WatchAlert, WatchedRun } from '../../harness/model/watch.ts';

/** The sentence of a run of the watch that has no report. @param why as the error says it */
export function brokenText(end: RunEnd, why: string): string {
  switch (end) {
    case 'hung':
      return `could not decide: the run did not end at its time limit, and was given up`;
    case 'stopped':
      return 'could not decide: the run was ended before it had anything to report';
    default:
      return `could not decide: the run failed: ${oneLine(why)}`;
  }
}

/** What a watch answers, in one line. @param hasSince a run is asked for that started after a given time */
export function standingText(
  name: StandingName,
  run: WatchedRun | undefined,
  { ageMs = 0, hasSince = false, promise }: { ageMs?: number; hasSince?: boolean; promise?: PromiseId } = {},
): string {
  if (run === undefined)
    return hasSince ? 'none: no run that started after that time has ended yet' : 'none: no run has ended yet';
  if (name === 'stale')
    return `stale: the last run started ${seconds(ageMs)} ago, with the verdict ${run.verdict}: ${oneLine(run.sentence)}`;
  if (promise !== undefined && name !== run.verdict)
    return `${name} ${promise}: ${promiseWords(run.promises[promise])}; the whole run: ${standingText(run.verdict, run)}`;
  const about = name === 'fail' ? [...run.codes.slice(0, 3), run.hop] : [];
  const head = [name, ...(promise === undefined ? [] : [promise]), ...about].filter((word) => word !== '').join(' ');
  return `${head}: ${oneLine(run.sentence)}`;
}

/** An alert in a log. */
export function alertText({ code, subject, runs, of }: WatchAlert): string {
  const what = subject === '' ? code : `${code} ${subject}`;
  return `${what} in ${runs} of the last ${of} runs`;
}

/** One promise of a run whose verdict is another. */
function promiseWords(status: OutcomeStatus | undefined): string {
  switch (status) {
    case 'pass':
      return 'the promise holds';
    case 'fail':
      return 'the promise does not hold';
    case 'inconclusive':
      return 'the run could not decide about the promise';
    default:
      return 'the run did not judge the promise';
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

/** Some texts quote what others wrote. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
