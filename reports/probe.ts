import stringWidth from 'string-width';
import type { ExpectedTrace, RunDetail, TraceDetail } from '../harness/model/detail.ts';
import type { RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';
import { expectedTree, traceTree } from './hop-tree.ts';
import { asNoCommand } from './no-command.ts';
import { paint } from './paint.ts';
import { renderTerminal } from './terminal.ts';
import { COLUMNS, fit, pad, wrap } from './wrap.ts';

const BETWEEN = '    ';

/**
 * One probe for people: the tree that the definition expects beside the tree of its trace, what is wrong, the verdict, and
 * last the link to the trace.
 */
export function renderProbe(
  report: RunReport,
  { color, columns = COLUMNS }: { readonly color: boolean; readonly columns?: number },
): string {
  const ink = paint(color);
  const plain = paint(false);
  const trace = report.detail?.traces.find(({ spans }) => spans.length > 0);
  const expected = report.detail && expectedOf(trace, report.detail);
  const left = expected === undefined ? [] : ['expected', ...expectedTree(expected, plain)];
  const right = trace === undefined ? ['no span of this probe arrived'] : ['in its trace', ...traceTree(trace, plain)];
  const link = trace?.link ?? '';
  return asNoCommand(
    [
      ...beside(left, right, columns).map((line, index) => (index === 0 ? ink.faint(line) : line)),
      '',
      renderTerminal(report, { color, view: 'short', columns }).trimEnd(),
      ...(link === '' ? [] : wrap(safeText(link), columns, 'trace  ')),
      '',
    ].join('\n'),
  );
}

function expectedOf({ version }: Partial<TraceDetail> = {}, { expected }: RunDetail): ExpectedTrace | undefined {
  return expected.find((one) => one.version === version) ?? expected[0];
}

/** Two columns where both fit, else one below the other. */
function beside(left: readonly string[], right: readonly string[], columns: number): readonly string[] {
  const width = Math.max(0, ...left.map((line) => stringWidth(line)));
  const widest = Math.max(...right.map((line) => stringWidth(line)));
  if (width + BETWEEN.length + widest > columns) return [...left, '', ...right].map((line) => fit(line, columns));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
    `${pad(left[index] ?? '', width)}${BETWEEN}${right[index] ?? ''}`.trimEnd(),
  );
}
