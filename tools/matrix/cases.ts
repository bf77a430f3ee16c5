import { answerTo, answerToTraces, PUBLIC_CASES } from '../../fixtures/cases/cases.ts';
import { FURTHER_CASES } from '../../fixtures/cases/further-cases.ts';

/** The answer of hopcheck to one public case, held against the right one. */
export interface CaseAnswer {
  readonly isRight: boolean;
  /** A row of the table of public cases. */
  readonly line: string;
  /** The case and the answer, for a list of what is wrong. */
  readonly text: string;
}

/** Every row of that table. */
export function caseAnswers(): readonly CaseAnswer[] {
  const asked = [
    ...PUBLIC_CASES.map((one) => ({ one, answer: answerTo(one) })),
    ...FURTHER_CASES.map((one) => ({ one, answer: answerToTraces(one.traces, one.complete) })),
  ];
  return asked.map(({ one, answer }) => {
    const right = { information: [], notSupported: [], ...one };
    const keys = ['verdict', 'findings', 'information', 'notSupported'] as const;
    const isRight = keys.every((key) => JSON.stringify(answer[key]) === JSON.stringify(right[key]));
    const said = [...answer.findings, ...answer.information, ...answer.notSupported.map((id) => `${id} not supported`)];
    const text = `${answer.verdict}: ${said.join('; ') || 'nothing'}`;
    return {
      isRight,
      line: `| ${one.situation} | ${one.source} | ${text} | ${isRight ? 'as stated' : '**not as stated**'} |`,
      text: `public case ${one.name}: ${text}`,
    };
  });
}
