import type { RunComparison } from '../../harness/model/run-comparison.ts';
import { compareSections, compareSentence, sideInWords } from '../compare-words.ts';
import { STYLE } from './generated/style.ts';
import { policyOf } from './policy.ts';
import { h } from './shared/element.ts';
import { escapeHtml, toText } from './to-text.ts';

const SIGNS = { good: '+', bad: '−', unsure: '~', plain: '' } as const;
const SAID = { good: 'better: ', bad: 'worse: ', unsure: 'changed: ', plain: '' } as const;

/** The comparison as one page that opens anywhere: what changed first, section by section. It has no script. */
export function renderComparisonPage(comparison: RunComparison): string {
  const { isSame, before, after } = comparison;
  const sentence = compareSentence(comparison);
  const title = `${isSame ? 'Same' : 'Differs'}: ${sentence}`;
  const sections = compareSections(comparison)
    .filter(({ changed, rest }) => changed.length > 0 || rest !== undefined)
    .map(({ id, title: name, changed, rest }) =>
      h(
        'section',
        { id },
        h('h2', {}, name),
        changed.length > 0 &&
          h(
            'ul',
            {},
            changed.map(({ mark, text }) =>
              h(
                'li',
                {},
                SIGNS[mark] !== '' && [h('span', { class: 'id', title: SAID[mark] }, SIGNS[mark]), ' '],
                text,
              ),
            ),
          ),
        rest !== undefined && h('p', { class: 'faint' }, rest),
      ),
    );
  const heading = h(
    'header',
    { class: `verdict ${isSame ? 'pass' : 'fail'}` },
    h('p', { class: 'sign', 'aria-hidden': 'true' }, isSame ? '=' : '≠'),
    h(
      'div',
      {},
      h('h1', {}, h('span', { class: 'word' }, isSame ? 'SAME' : 'DIFFERS'), ' ', sentence),
      h('p', { class: 'faint' }, `before: ${sideInWords(before)}: ${before.sentence}`),
      h('p', { class: 'faint' }, `after: ${sideInWords(after)}: ${after.sentence}`),
    ),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policyOf(STYLE, ''))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${toText(h('title', {}, title))}
<style>${STYLE}</style>
</head>
<body>
${toText(heading)}
<main>
${sections.map(toText).join('\n')}
</main>
</body>
</html>
`;
}
