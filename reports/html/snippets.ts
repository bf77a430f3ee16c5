import type { Finding } from '../../harness/model/finding.ts';
import { SNIPPETS, type Snippet, snippetText } from '../../harness/model/snippets.ts';
import { snippetOf } from '../snippet-of.ts';
import { type HtmlElement, h } from './shared/element.ts';

/**
 * Code that forwards the headers, for a finding whose fix is to copy them: of the service's stack where it is known, else
 * of every stack. The same code as in docs/forwarding.md, which `npm run test:contract` runs.
 */
export function snippetBlock({ facts }: Finding): HtmlElement | undefined {
  const kind = facts?.remedy?.kind;
  if (kind !== 'copy-headers' && kind !== 'forward-headers') return undefined;
  const known = snippetOf(facts?.remedy);
  const snippets = known === undefined ? Object.values(SNIPPETS) : [known];
  return h('details', {}, h('summary', {}, 'Code that copies the headers'), snippets.map(block));
}

function block(snippet: Snippet): HtmlElement {
  const lines = snippetText(snippet).replaceAll('\t', '    ').split('\n');
  return h(
    'div',
    {},
    h('p', {}, `${snippet.language}, ${snippet.library}:`),
    h(
      'pre',
      {},
      h(
        'code',
        {},
        lines.map((line, index) => [index > 0 && h('br'), line]),
      ),
    ),
  );
}
