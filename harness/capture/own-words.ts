import { CAPTURE_SCHEMA } from '../model/capture.ts';

/**
 * What the file itself is made of, by the name of the field. A password may be one of these words (`server`, `complete`)
 * or have all its letters in one: such a record would not be readable any more, and as every capture holds these words,
 * leaving them tells nobody anything.
 */
const WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    type: ['head', 'preflight', 'body', 'exchange', 'trace', 'fragment', 'incident', 'end'],
    schema: [CAPTURE_SCHEMA],
    kind: [
      ...['client', 'server', 'producer', 'consumer', 'internal', 'unspecified'],
      ...['dns', 'refused', 'reset', 'timeout', 'tls', 'unreachable', 'body-too-large', 'interrupted', 'other'],
      ...['errors', 'skew', 'hop', 'service', 'probe', 'mesh', 'backend'],
    ],
    tls: ['untrusted', 'wrong-name', 'client-certificate', 'no-tls', 'other'],
    purpose: ['forced-on', 'forced-off', 'undecided'],
    format: ['b3', 'b3-single', 'w3c', 'none'],
    api: ['jaeger-legacy', 'jaeger-v3'],
    markerSearch: ['supported', 'not-supported', 'unknown'],
    reason: ['expected-set', 'quiet', 'absent', 'imported', 'deadline'],
    source: ['flag', 'environment', 'file', 'discovered', 'assumed', 'default'],
    during: ['target', 'preflight', 'probe', 'settle', 'capture', 'judge'],
    what: ['application', 'ingress', 'trace backend'],
    status: ['ok', 'warning', 'failed', 'not-checked'],
    severity: ['error', 'warning', 'info'],
    dataPlane: ['sidecar', 'ambient', 'none', 'unknown'],
    end: ['complete', 'stopped-in-preflight', 'interrupted'],
  }).map(([name, words]) => [name, new Set(words)]),
);
const ID_NAMES = new Set(['id', 'traceId', 'spanId', 'parentId', 'bodyRef']);
const ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/;

/** True when this text in a field of this name is the file's own word. */
export function isOwnWord(name: string, text: string): boolean {
  return WORDS.get(name)?.has(text) ?? false;
}

/** True when this text in a field of this name is a trace or span id, in the form that all ids are kept in. */
export function isId(name: string, text: string): boolean {
  return ID_NAMES.has(name) && ID.test(text);
}
