import { z } from 'zod';
import { LATEST_MS, LONGEST_DURATION_MS } from '../model/limits.ts';
import { ImportError } from './import-error.ts';
import { jsonDocuments } from './json-documents.ts';

export const REQUESTS_SCHEMA = 'hopcheck/requests@1';

// What a place expects, which is the message of its issue.
const TIME = 'ISO 8601 with offset ("2026-11-24T12:00:00Z") or epoch milliseconds';

const headers = z
  .union([z.record(z.string(), z.string()), z.array(z.tuple([z.string(), z.string()]))], {
    error: '{"name": "value"} or [["name", "value"]]',
  })
  .describe('the headers sent, the user agent among them');

const page = z
  .strictObject({
    whole: z.boolean().default(true).describe('the page is one of the application, with all its marks'),
    version: z.string().optional().describe('version of the versioned service that made it'),
    pod: z.string().optional().describe('pod of that service'),
    banners: z
      .array(z.strictObject({ service: z.string(), text: z.string() }))
      .default([])
      .describe('errors shown in a page with status 200, each with the service it blames'),
  })
  .describe('what the page showed, where its body was not kept');

const request = z
  .strictObject({
    headers,
    sentAt: z
      .union([z.iso.datetime({ offset: true, error: TIME }), z.number().min(0, TIME).max(LATEST_MS, TIME)], {
        error: TIME,
      })
      .describe('when it was sent: ISO 8601 with offset, or epoch milliseconds'),
    durationMs: z.number().min(0).max(LONGEST_DURATION_MS).describe('until the answer was read, milliseconds'),
    status: z.int().min(100).max(599).optional().describe('of the answer'),
    body: z.string().optional().describe('of the answer'),
    page: page.optional(),
    request: z
      .string()
      .optional()
      .describe('name of the request in the application definition, where it has several; else by the trace'),
    error: z.string().optional().describe('why there was no answer'),
    traceId: z
      .string()
      .regex(/^[0-9a-fA-F]{1,32}$/, '1 to 32 hex digits')
      .optional()
      .describe('the trace it left, where that is known and the headers do not tell'),
  })
  .superRefine(({ status, error, body, page: facts }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((status === undefined) === (error === undefined)) issue('status', 'either status or error');
    if (status === 200 && body === undefined && facts === undefined) issue('body', 'body or page beside status 200');
  });

/** What was sent, and what came back: the list that goes with a dump. */
export const requestList = z.strictObject({
  $schema: z.string().optional(),
  schema: z.literal(REQUESTS_SCHEMA, { error: `"${REQUESTS_SCHEMA}"` }),
  requests: z.array(request),
});

/** A request of the list, its headers as pairs and its time as epoch milliseconds. */
export interface ListedRequest extends Omit<z.infer<typeof request>, 'headers' | 'sentAt'> {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sentAtMs: number;
}

const EXAMPLE = `{"schema": "${REQUESTS_SCHEMA}", "requests": [{"headers": {"user-agent": "probe-1"}, "sentAt": "2026-11-24T12:00:00Z", "durationMs": 65, "status": 200, "page": {"version": "v1"}}]}`;
const EXPECTED = 'a list of requests (docs/import.md)';

/** @throws ImportError naming file and place. */
export function readRequests(text: string, file: string): readonly ListedRequest[] {
  const [document, ...more] = jsonDocuments(text, file, { expected: EXPECTED, example: EXAMPLE });
  if (more.length > 0)
    throw new ImportError(
      { file },
      { expected: EXPECTED, received: `${more.length + 1} JSON documents`, example: EXAMPLE },
    );
  return parseRequests(document, file);
}

/** {@link readRequests}, of what has been parsed already. */
export function parseRequests(document: unknown, file: string): readonly ListedRequest[] {
  const { success, data, error } = requestList.safeParse(document, { error: expectedBy });
  if (success)
    return data.requests.map(({ headers: sent, sentAt, ...rest }) => ({
      ...rest,
      headers: Array.isArray(sent) ? sent : Object.entries(sent),
      sentAtMs: typeof sentAt === 'number' ? sentAt : Date.parse(sentAt),
    }));
  const [first] = error.issues;
  const path = first?.path ?? [];
  // A key too many is not something that was expected: the message names it.
  const isKey = first?.code === 'unrecognized_keys';
  const message = first?.message ?? '';
  throw new ImportError(
    { file, at: placeOf(path) },
    {
      expected: isKey ? EXPECTED : message,
      received: isKey ? message : shownAt(document, path),
      example: EXAMPLE,
    },
  );
}

/** The expected value, where the schema has no words for a place. */
function expectedBy(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'too_small':
      return `${issue.origin} of at least ${issue.minimum}`;
    case 'too_big':
      return `${issue.origin} of at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

/** The value at a place; of headers only its kind, because they may be secrets. */
function shownAt(document: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (holder, key) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined),
    document,
  );
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && !path.includes('headers')) return JSON.stringify(value.slice(0, 60));
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, key) =>
      typeof key === 'number' ? `${place}[${key}]` : place === '' ? String(key) : `${place}.${String(key)}`,
    '',
  );
}
