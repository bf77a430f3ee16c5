import type { FleetReport, FleetTarget } from '../../harness/model/fleet-report.ts';
import { safeText } from '../characters/safe-text.ts';
import { asNoCommand } from '../no-command.ts';
import { paint } from '../paint.ts';
import { COLUMNS, wrap } from '../wrap.ts';
import { alphaInWords, VERDICT_MARKS, VERDICT_WORDS } from './fleet-words.ts';

export interface FleetTerminalOptions {
  readonly color: boolean;
  /** Default 80. */
  readonly columns?: number;
  /** - `normal`: targets that hold have no line. - `verbose`: all have. - `quiet`: only the verdict. */
  readonly view?: 'normal' | 'verbose' | 'short' | 'quiet';
}

/** For people: a line per target that does not hold, worst first; the verdict last, where the eye is. */
export function renderFleetTerminal(
  fleet: FleetReport,
  { color, columns = COLUMNS, view = 'normal' }: FleetTerminalOptions,
): string {
  const ink = paint(color);
  const inked = { pass: ink.good, fail: ink.bad, inconclusive: ink.unsure } as const;
  const shown = fleet.targets.filter(({ verdict }) => view === 'verbose' || verdict !== 'pass');
  const held = fleet.targets.length - shown.length;
  const lines = shown.flatMap((target) => {
    const mark = VERDICT_MARKS[target.verdict];
    const [first = '', ...rest] = wrap(targetText(target), columns, `${mark} `);
    return [first.replace(mark, inked[target.verdict](mark)), ...rest];
  });
  const word = VERDICT_WORDS[fleet.verdict];
  const [first = '', ...rest] = wrap(`${word} (exit ${fleet.exitCode}) ${safeText(fleet.sentence, 1000)}`, columns);
  const all = [
    ...lines,
    ...(held > 0 ? wrap(`${held} of ${fleet.targets.length} targets hold`, columns, `${VERDICT_MARKS.pass} `) : []),
    '',
    ...wrap(alphaInWords(fleet), columns).map(ink.faint),
  ];
  const verdict = [first.replace(word, ink.strong(inked[fleet.verdict](word))), ...rest, ''];
  return asNoCommand([...(view === 'quiet' ? [] : all), ...verdict].join('\n'));
}

function targetText({ name, sentence, report }: FleetTarget): string {
  const broken = report?.promises.filter(({ status }) => status === 'fail' || status === 'inconclusive') ?? [];
  const promises = broken.length === 0 ? '' : ` (${broken.map(({ id }) => id).join(', ')})`;
  return `${safeText(name)}: ${safeText(sentence, 1000)}${promises}`;
}
