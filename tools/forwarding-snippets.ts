import { SNIPPETS, snippetText } from '../harness/model/snippets.ts';

/** The snippets of docs/forwarding.md by language, in Markdown. */
export function forwardingSnippets(): string {
  const byLanguage = Map.groupBy(Object.values(SNIPPETS), ({ language }) => language);
  return [...byLanguage]
    .map(([language, snippets]) => {
      const blocks = snippets.map(
        (snippet) => `${snippet.library}:\n\n\`\`\`${snippet.fence}\n${snippetText(snippet)}\n\`\`\``,
      );
      return [`## ${language}`, ...blocks].join('\n\n');
    })
    .join('\n\n');
}
