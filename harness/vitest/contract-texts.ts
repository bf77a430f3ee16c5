import type { Finding } from '../model/finding.ts';
import type { RunReport } from '../model/report.ts';
import { SNIPPETS, snippetText } from '../model/snippets.ts';

/** The verdict, and why nothing was decided. */
export function reportText({ verdict, sentence, run }: RunReport): string {
  const output = run.contract?.output?.slice(-8) ?? [];
  const said =
    verdict === 'inconclusive' && output.length > 0
      ? ['output of the service:', ...output.map((line) => `  ${line}`)]
      : [];
  return [`${verdict}: ${sentence}`, ...said].join('\n');
}

/** A finding with the code that fixes it, where the stack of the service is known. */
export function findingText({ code, subject, expected, received, remedy, facts }: Finding): string {
  const where =
    subject.kind === 'hop'
      ? `${subject.caller} → ${subject.callee}`
      : subject.kind === 'service'
        ? subject.service
        : subject.kind;
  const fix = facts.remedy;
  const stack = fix?.kind === 'forward-headers' ? fix.stack : undefined;
  const lines = stack === undefined ? [] : ['', ...snippetText(SNIPPETS[stack]).split('\n')];
  return [
    `${code} ${where}`,
    `  expected  ${expected}`,
    `  received  ${received}`,
    `  do        ${remedy}`,
    ...lines.map((line) => `    ${line}`.trimEnd()),
  ].join('\n');
}
