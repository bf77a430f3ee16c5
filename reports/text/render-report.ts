import type { Step } from '../../harness/model/cluster.ts';
import {
  type Finding,
  type JudgedFinding,
  type JudgedWaiver,
  subjectKey,
  type Waiver,
} from '../../harness/model/finding.ts';
import {
  type JudgedHop,
  type JudgedPromise,
  type JudgedRun,
  REPORT_SCHEMA,
  type ReportedCell,
  type ReportedHop,
  type ReportedPromise,
  type RunReport,
} from '../../harness/model/report.ts';
import type { JudgedStep, ReportedStep } from '../../harness/model/reported-cluster.ts';
import { withContractCommands } from './contract-command.ts';
import { factText, receivedText } from './fact-text.ts';
import { fixText } from './fix.ts';
import { selectionText } from './run.ts';
import { sentenceOf } from './sentence.ts';
import { titleOf } from './titles.ts';

/** The report of a judged run: its data, with every text that people read. Pure; the same run gives the same report. */
export function renderReport(judged: JudgedRun): RunReport {
  const { verdict, exitCode, run, promises, hops, formats, ...rest } = judged;
  const causeOf = accountingFor(promises);
  return {
    schema: REPORT_SCHEMA,
    verdict,
    exitCode,
    sentence: sentenceOf(judged),
    run: renderRun(run),
    promises: promises.map((promise) => renderPromise(promise, causeOf)),
    hops: run.contract === undefined ? withContractCommands(hops.map(renderHop)) : hops.map(renderHop),
    formats: formats.map(({ facts, ...format }) => ({ ...format, why: factText(facts.why), facts })),
    ...rest,
  };
}

function renderRun({ cluster, ...run }: JudgedRun['run']): RunReport['run'] {
  return cluster === undefined ? run : { ...run, cluster: { ...cluster, steps: cluster.steps.map(renderStep) } };
}

function renderStep(step: Step | JudgedStep): ReportedStep {
  if (!('facts' in step)) return step;
  const { id, status, facts } = step;
  const { title, detail, fix } = facts;
  return {
    id,
    title: factText(title),
    status,
    detail: factText(detail),
    ...(fix !== undefined && { fix: factText(fix) }),
    facts,
  };
}

function renderHop({ headers, ...hop }: JudgedHop): ReportedHop {
  const cells = Object.entries(headers).map(([name, { cell, facts }]): [string, ReportedCell] => [
    name,
    { cell, why: factText(facts.why), facts },
  ]);
  return { ...hop, headers: Object.fromEntries(cells) };
}

function renderPromise({ id, status, judged, facts, findings }: JudgedPromise, causeOf: CauseOf): ReportedPromise {
  return {
    id,
    title: titleOf(id),
    status,
    ...(judged !== undefined && { judged }),
    observed: factText(facts.observed),
    ...(facts.reason !== undefined && { reason: factText(facts.reason) }),
    facts,
    findings: findings.map((finding) => renderFinding(finding, causeOf)),
  };
}

/** The finding that accounts for this one in the end; itself where none does. */
type CauseOf = (finding: JudgedFinding) => JudgedFinding;

function accountingFor(promises: readonly JudgedPromise[]): CauseOf {
  const found = new Map(
    promises.flatMap(({ id, findings }) =>
      findings.map((finding) => [`${id} ${finding.code} ${subjectKey(finding.subject)}`, finding] as const),
    ),
  );
  return (finding) => {
    const passed = new Set([finding]);
    // Grows while it is gone through: a set gives what is added on the way, and nothing twice.
    for (const { explainedBy } of passed) {
      const next =
        explainedBy && found.get(`${explainedBy.promise} ${explainedBy.code} ${subjectKey(explainedBy.subject)}`);
      if (next !== undefined) passed.add(next);
    }
    return [...passed].at(-1) ?? finding;
  };
}

/** A finding that follows from another one goes away with it, so that both have one remedy. */
function renderFinding(finding: JudgedFinding, causeOf: CauseOf): Finding {
  const {
    code,
    severity,
    causes,
    subject,
    facts,
    waived,
    parts: _,
    explainedByPart: __,
    isMild: ___,
    ...rest
  } = finding;
  return {
    code,
    severity,
    causes,
    subject,
    expected: factText(facts.expected),
    received: receivedText(facts),
    facts,
    ...rest,
    remedy: fixText(causeOf(finding)),
    ...(waived !== undefined && { waived: renderWaiver(waived) }),
  };
}

function renderWaiver(waived: JudgedWaiver): Waiver {
  switch (waived.by) {
    case 'tolerate':
      return waived;
    case 'baseline':
      return { by: 'baseline', reason: `known since run ${waived.run} (${waived.from})` };
    case 'max':
      return {
        by: 'max',
        reason: `follows from ${waived.code}, which ${waived.decision === 'below' ? 'is below its limit' : 'its limit does not decide'}`,
      };
    default:
      return { by: waived.by, reason: selectionText(waived.by, waived.selections) };
  }
}
