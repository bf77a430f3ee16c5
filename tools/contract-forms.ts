import { FORMS } from '../harness/contract/judge/forms.ts';
import { HEADERS } from '../harness/contract/judge/headers.ts';

const REQUIRED = { istio: 'by default', zipkin: 'with `--provider zipkin`' } as const;

/** The tables of docs/contract.md, in Markdown: the headers, and value form × kind of service. */
export function formsTable(): string {
  const headers = HEADERS.map(({ name, requiredBy, group }) => {
    const required = requiredBy === undefined ? 'by wish' : REQUIRED[requiredBy];
    return `| \`${name}\` | ${required} | ${group === undefined ? 'always' : `\`--watch ${group}\``} |`;
  });
  const rows = FORMS.map(({ header, text, spec, expected, isHttp1Only }) =>
    [
      `| \`${header}\``,
      `${text}${isHttp1Only ? ' (HTTP/1.1 only)' : ''}`,
      spec.startsWith('docs/') ? linked(spec) : spec,
      expected['pass-through'].join(', '),
      `${expected.tracer.join(', ')} |`,
    ].join(' | '),
  );
  return [
    '| header | required | shown |',
    '|---|---|---|',
    ...headers,
    '',
    '| header | form | rule | a service that copies: any of | a service with a tracer: any of |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Of a page beside docs/contract.md. */
function linked(path: string): string {
  const inDocs = path.replace(/^docs\//, '');
  return `[${inDocs}](${inDocs})`;
}
