import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';
import { baselineInWords, newsFirst } from './baseline-words.ts';
import { safeText } from './characters/safe-text.ts';
import { countsInWords, oneOfEachFirst } from './finding-text.ts';
import { titleNow } from './text/titles.ts';
import { tolerationWarnings } from './toleration-words.ts';
import {
  findingInWords,
  limitInWords,
  primaryFinding,
  shareInBrackets,
  subjectInWords,
  verdictInWords,
  waiverInWords,
} from './words.ts';

/**
 * Annotations of each level that a step shows; what comes after them is dropped without a word
 * (actions/toolkit/docs/problem-matchers.md, "Limitations").
 */
const SHOWN = 10;
const LEVELS = ['error', 'warning', 'notice'] as const;

interface Annotation {
  readonly level: (typeof LEVELS)[number];
  /** Counted where the annotation is left out: a code, or a promise. */
  readonly about: string;
  readonly title: string;
  readonly message: string;
}

/**
 * Workflow commands of GitHub Actions: the verdict first, because GitHub shows only the first ten of a level. Then
 * errors, warnings and notices, one of each code before a second of any. Where there are more than a step shows, the
 * last says how many. Information has no annotation. A finding that follows from another has one only where a promise
 * fails by nothing else.
 */
export function renderGithub(report: RunReport): string {
  const { promises, verdict, exitCode, sentence } = report;
  const shown = promises
    .flatMap((promise) => promise.findings)
    .filter(({ explainedBy, severity }) => explainedBy === undefined && severity !== 'info');
  const annotations = [
    ...newsFirst(oneOfEachFirst(shown)).map(ofFinding),
    ...promises.flatMap(ofPromise),
    ...ofTolerations(report),
  ];
  const first: Annotation = {
    level: verdict === 'pass' ? 'notice' : 'error',
    about: 'verdict',
    title: `hopcheck: ${verdictInWords(report)} (exit ${exitCode})`,
    message: safeText(sentence),
  };
  const rest = LEVELS.flatMap((level) =>
    fitting(
      annotations.filter((annotation) => annotation.level === level),
      level === first.level ? SHOWN - 1 : SHOWN,
    ),
  );
  return [...[first, ...rest].map(command), ''].join('\n');
}

function ofFinding(finding: Finding): Annotation {
  const { code, severity, subject, received, causes, remedy, waived } = finding;
  const lines = [
    `${CODES[code].title}${shareInBrackets(finding)}`,
    safeText(received),
    ...(finding.baseline === undefined ? [] : [`baseline: ${baselineInWords(finding)}`]),
    ...(finding.limit === undefined ? [] : [limitInWords(finding)]),
    ...(causes.length === 0 ? [] : [`cause: ${causes.join(' or ')}`]),
    ...(waived === undefined ? [] : [waiverInWords(waived)]),
    safeText(remedy),
  ];
  return {
    level: waived !== undefined ? 'notice' : severity === 'error' ? 'error' : 'warning',
    about: code,
    title: `${code} ${subjectInWords(subject)}`,
    message: lines.join('\n'),
  };
}

/** Where no finding has an annotation that says why a promise is not green. */
function ofPromise(promise: RunReport['promises'][number]): readonly Annotation[] {
  const { id, status, reason, findings } = promise;
  const telling = status === 'fail' ? primaryFinding(promise) : undefined;
  if (telling?.explainedBy !== undefined)
    return [{ level: 'warning', about: id, title: `${id}: FAIL`, message: findingInWords(telling) }];
  if (status !== 'inconclusive' || findings.length > 0) return [];
  return [
    {
      level: 'warning',
      about: id,
      title: `${id}: not decided`,
      message: `${titleNow(promise)}: ${safeText(reason ?? '')}`,
    },
  ];
}

/** Tolerations that a person has to look after. */
function ofTolerations({ policy }: RunReport): readonly Annotation[] {
  const message = policy === undefined ? [] : tolerationWarnings(policy);
  return message.map((text) => ({
    level: 'warning',
    about: 'toleration',
    title: 'hopcheck: --tolerate',
    message: text,
  }));
}

/** As many as there is room for; where that is not all, one of them says what is left out, and where to read it. */
function fitting(annotations: readonly Annotation[], room: number): readonly Annotation[] {
  const [first] = annotations;
  if (first === undefined || annotations.length <= room) return annotations;
  const leftOut = annotations.slice(room - 1);
  const counts = countsInWords(leftOut.map(({ about }) => about));
  const title = `hopcheck: ${leftOut.length} more of this level`;
  const message = `not shown here: ${counts}; they are in the log of this step and in its job summary`;
  return [...annotations.slice(0, room - 1), { ...first, title, message }];
}

/** As actions/toolkit writes them: in the data % and line ends are escaped, in a property also : and the comma. */
function command({ level, title, message }: Annotation): string {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property(title)}::${data(message)}`;
}
