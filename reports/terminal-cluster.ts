import type { Found, Step } from '../harness/model/cluster.ts';
import type { ReportedCluster } from '../harness/model/reported-cluster.ts';
import { safeText } from './characters/safe-text.ts';
import type { Paint } from './paint.ts';
import type { Drawing } from './terminal-findings.ts';
import { fixLines, wrap, wrapCommand } from './wrap.ts';

const MARKS = { ok: '✓', warning: '!', failed: '✗', 'not-checked': '–' } as const;

/** Where everything was found; and the walk-through, where a step of it is not as it should be, or all is asked for. */
export function clusterLines(cluster: ReportedCluster | undefined, drawing: Drawing): string[] {
  if (cluster === undefined) return [];
  const { steps, found } = cluster;
  const told = drawing.verbose || steps.some(({ status }) => status === 'warning' || status === 'failed');
  return [
    ...(told ? ['walk-through', ...steps.flatMap((step) => stepLines(step, drawing)), ''] : []),
    ...found.flatMap((one) => foundLines(one, drawing)),
  ];
}

function stepLines({ status, title, detail, fix }: Step, { ink, columns, verbose }: Drawing): string[] {
  const [head = '', ...rest] = wrap(title, columns, `  ${MARKS[status]} `);
  const mark = MARKS[status];
  const well = status === 'ok' || status === 'not-checked';
  return [
    head.replace(mark, inked(status, mark, ink)),
    ...rest,
    ...(well && !verbose ? [] : wrap(safeText(detail, 4000), columns, '      ')),
    ...(fix === undefined ? [] : fixLines(fix, columns, '      ').map(ink.strong)),
  ];
}

function inked(status: Step['status'], mark: string, ink: Paint): string {
  return status === 'ok' ? ink.good(mark) : status === 'failed' ? ink.bad(mark) : ink.unsure(mark);
}

/** With the command that leads there again: the links and curl lines of the report go through the port that it opens. */
export function foundLines(
  { what, object, why, reached, command }: Found,
  { ink, columns, verbose }: Pick<Drawing, 'ink' | 'columns' | 'verbose'>,
): string[] {
  const how = reached === undefined ? '' : `, ${reached}`;
  const text = `${safeText(`${object}${how}`)}${verbose ? ` (${safeText(why)})` : ''}`;
  return [
    ...wrap(text, columns, `${what.padEnd(13)} `),
    ...(command === undefined ? [] : wrapCommand(safeText(command), columns, `${'again'.padStart(12)}  `)),
  ].map(ink.faint);
}
