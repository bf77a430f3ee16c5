import { FORMAT_HEADERS } from '../formats/formats.ts';

/** Headers that tell how a request was traced, and nothing about who sent it. */
const KEPT = new Set([
  ...['user-agent', 'accept', 'host', 'x-request-id', 'x-client-trace-id', 'x-envoy-force-trace'],
  ...FORMAT_HEADERS,
]);

/** Of these the value may be echoed elsewhere, in a page or a tag; of others (`accept-language: en`) it is any word. */
const CREDENTIAL = /auth|cookie|token|secret|session|password|api-?key|credential/i;

type Headers = readonly (readonly [name: string, value: string])[];

/** The headers as a person may see them: any that is not known to be harmless is a shell variable instead. */
export function shownHeaders(headers: Headers): Headers {
  return headers.map(([name, value]) => [name.toLowerCase(), KEPT.has(name.toLowerCase()) ? value : placeholder(name)]);
}

/** Values to keep out of everything else that is written, each with what stands for it; the redactor's own minimum holds. */
export function hiddenValues(headers: Headers): readonly { readonly value: string; readonly placeholder: string }[] {
  return headers.flatMap(([name, value]) => {
    if (KEPT.has(name.toLowerCase()) || !CREDENTIAL.test(name)) return [];
    const [, credentials] = /^(?:Basic|Bearer)\s+(\S+)$/i.exec(value) ?? [];
    return [value, ...(credentials === undefined ? [] : [credentials])].map((text) => ({
      value: text,
      placeholder: placeholder(name),
    }));
  });
}

function placeholder(name: string): string {
  return `$REQUEST_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}
