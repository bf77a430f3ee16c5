import type { RunComparison } from '../harness/model/run-comparison.ts';
import { type CompareLine, compareSections, compareSentence, sideInWords } from './compare-words.ts';
import { asNoCommand } from './no-command.ts';
import { paint } from './paint.ts';
import { COLUMNS, wrap } from './wrap.ts';

const MARKS: Readonly<Record<CompareLine['mark'], string>> = { good: '+', bad: '-', unsure: '~', plain: ' ' };

/** For people: what changed between two reports, section by section, and last whether anything did. */
export function renderComparison(
  comparison: RunComparison,
  { color, columns = COLUMNS }: { readonly color: boolean; readonly columns?: number },
): string {
  const ink = paint(color);
  const inks = { good: ink.good, bad: ink.bad, unsure: ink.unsure, plain: (text: string) => text };
  const { isSame, before, after } = comparison;
  const lines = compareSections(comparison).flatMap(({ title, changed, rest }) => {
    const shown = changed.flatMap(({ mark, text }) => {
      const [first = '', ...more] = wrap(text, columns, `  ${MARKS[mark]} `);
      return [first.replace(MARKS[mark], inks[mark](MARKS[mark])), ...more];
    });
    const same = rest === undefined ? [] : wrap(rest, columns, '    ').map(ink.faint);
    return shown.length + same.length === 0 ? [] : [ink.strong(title), ...shown, ...same, ''];
  });
  const word = isSame ? ink.good('SAME') : ink.bad('DIFFERS');
  const [sentence = '', ...further] = wrap(
    compareSentence(comparison),
    columns,
    `${isSame ? 'SAME' : 'DIFFERS'} (exit ${isSame ? 0 : 1}) `,
  );
  return asNoCommand(
    [
      ...wrap(sideInWords(before), columns, 'before  '),
      ...wrap(sideInWords(after), columns, 'after   '),
      '',
      ...lines,
      sentence.replace(/^\w+/, word),
      ...further.map((line) => line.trimStart()),
      '',
    ].join('\n'),
  );
}
