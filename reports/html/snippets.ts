import type { Cause, Finding } from '../../harness/model/finding.ts';
import { SNIPPETS, type Snippet, snippetText } from '../../harness/model/snippets.ts';
import { snippetOf } from '../snippet-of.ts';
import { type HtmlElement, h } from './shared/element.ts';

const BY_REMEDY: ReadonlySet<string> = new Set(['copy-headers', 'forward-headers', 'keep-decision']);
/** Its remedy is the general one, and the code that copies the headers of the request at hand is what it asks for. */
const BY_CAUSE: ReadonlySet<Cause> = new Set(['context-reused', 'trace-restarted']);

/**
 * Code that forwards the headers, for a finding whose fix is to copy them: of the service's stack where it is known, else
 * a tab per language. Radio buttons, so that the tabs need no script; without a style sheet all of it is shown. The same
 * code as in docs/forwarding.md, which `npm run test:contract` runs.
 * @param id of this group of tabs, one of its kind in the page
 */
export function snippetTabs({ facts, causes }: Finding, id: string): HtmlElement | undefined {
  const [cause] = causes;
  if (!BY_REMEDY.has(facts?.remedy?.kind ?? '') && !(cause !== undefined && BY_CAUSE.has(cause))) return undefined;
  const known = snippetOf(facts?.remedy);
  const title = h('legend', {}, 'Code that copies the headers');
  if (known !== undefined) return h('fieldset', { class: 'tabs' }, title, panel([known]));
  const languages = [...Map.groupBy(Object.values(SNIPPETS), ({ language }) => language)];
  return h(
    'fieldset',
    { class: 'tabs' },
    title,
    h(
      'div',
      { class: 'tab-list' },
      languages.map(([language], index) =>
        h('label', {}, h('input', { type: 'radio', name: id, value: language, checked: index === 0 }), ` ${language}`),
      ),
    ),
    languages.map(([, snippets]) => panel(snippets)),
  );
}

function panel(snippets: readonly Snippet[]): HtmlElement {
  return h(
    'div',
    { class: 'tab-panel' },
    snippets.map((snippet) => {
      const lines = snippetText(snippet).replaceAll('\t', '    ').split('\n');
      return h(
        'div',
        { class: 'to-copy' },
        h('p', {}, `${snippet.language}, ${snippet.library}:`),
        h(
          'pre',
          { tabindex: 0 },
          h(
            'code',
            {},
            lines.map((line, index) => [index > 0 && h('br'), line]),
          ),
        ),
      );
    }),
  );
}
