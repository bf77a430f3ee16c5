import { type Child, h } from './shared/element.ts';

/** Longer words may break: they would not fit into a narrow page. */
const LONGEST_WORD = 28;

/** A command as people read it: no line ends within a word, so that no option stands apart from its hyphen. */
export function commandLine(text: string): Child {
  return text
    .split(/(\s+)/)
    .map((word) =>
      word.length > 1 && word.length <= LONGEST_WORD && word.includes('-') ? h('span', { class: 'whole' }, word) : word,
    );
}
