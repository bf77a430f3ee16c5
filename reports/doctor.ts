import type { Diagnosis, PreconditionStatus } from '../harness/model/doctor.ts';
import { safeText } from './characters/safe-text.ts';
import { asNoCommand } from './no-command.ts';
import { paint } from './paint.ts';
import { sensitivityLines } from './sensitivity.ts';
import { foundLines } from './terminal-cluster.ts';
import { COLUMNS, fixLines, wrap, wrapCommand } from './wrap.ts';

const MARKS: Readonly<Record<PreconditionStatus, string>> = { ok: '✓', warning: '!', failed: '✗', unknown: '?' };

/** For people: one line per precondition, with what was observed, and what to do where it does not hold. */
export function renderDoctor(
  { preconditions, ready, exitCode, ingress, traceBackend, cluster, reach, next }: Diagnosis,
  { color, columns = COLUMNS }: { readonly color: boolean; readonly columns?: number },
): string {
  const ink = paint(color);
  const inks = { ok: ink.good, warning: ink.unsure, failed: ink.bad, unknown: ink.unsure };
  const lines = preconditions.flatMap(({ statement, status, observed, fix }) => {
    const [first = '', ...rest] = wrap(`${statement}: ${safeText(observed, 4000)}`, columns, `${MARKS[status]} `);
    return [
      first.replace(MARKS[status], inks[status](MARKS[status])),
      ...rest,
      ...(fix === undefined ? [] : doLines(fix, columns)),
    ];
  });
  const examined = cluster === undefined || preconditions.some(({ id }) => id === 'ingress');
  const word = ready ? ink.good('READY') : ink.unsure('NOT READY');
  const finds = reach === undefined ? [] : ['', 'what a run can find:', ...sensitivityLines(reach, columns)];
  const text = [
    ...lines,
    ...finds,
    '',
    ...(cluster?.found ?? []).flatMap((one) => foundLines(one, { ink, columns, verbose: false })),
    // A cluster that is not ready may have no address, and then nothing was sent.
    ...(examined ? wrap(`${safeText(ingress)} · traces from ${safeText(traceBackend)}`, columns).map(ink.faint) : []),
    `${ink.strong(word)} (exit ${exitCode}) ${ready ? 'a run can decide' : 'a run could not decide'}`,
    ...(next === undefined
      ? []
      : wrapCommand(safeText(next, 2000), columns, ready ? 'next  ' : 'once that is fixed  ')),
    '',
  ].join('\n');
  return asNoCommand(text);
}

/** Commands and manifests are to be copied; the rest is prose. */
function doLines(fix: string, columns: number): string[] {
  const first = '    do  ';
  return /^kubectl |\n/.test(fix) ? fixLines(fix, columns, first) : wrap(safeText(fix), columns, first);
}
