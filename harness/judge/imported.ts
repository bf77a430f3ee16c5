import type { Capture, SettledTrace } from '../model/capture.ts';
import { plural } from './calls.ts';

/** What was imported, short. */
export function importedText({ imported, exchanges }: Capture): string | undefined {
  if (imported === undefined) return undefined;
  const { files, traces, foreign, requests, complete } = imported;
  return [
    `${plural(traces, 'trace')} of ${plural(files, 'file')}${complete ? ', said to be complete' : ''}`,
    requests ? plural(exchanges.length, 'listed request') : `${plural(exchanges.length, 'request')} found in them`,
    plural(foreign, 'foreign trace'),
  ].join(' · ');
}

/** Why there is no probe. */
export function nothingSent({ imported, application, preflight }: Capture): string {
  if (imported === undefined) return 'no probe was sent';
  if (imported.requests) return 'the list names no request';
  const { gateway, request } = application;
  // The name is that of the spans where one of them shows it, else that of the definition.
  const any = preflight.gateway === undefined ? ' or of any other gateway' : '';
  return `none of ${plural(imported.traces, 'trace')} has a span of ${gateway}${any} for ${request.path}`;
}

/** Why a trace of a dump is not taken as final, and what to do. */
export function openImport({ spans }: SettledTrace): { readonly expected: string; received: string; remedy: string } {
  if (spans.length === 0)
    return {
      expected: 'its trace in the dump, or a dump that is said to be complete',
      received: 'not there, and it may be elsewhere',
      remedy:
        'save every trace of these requests, wait for the slowest span before, and import with --complete: then what is not there did not happen',
    };
  return {
    expected: 'a whole trace',
    received: `exactly ${plural(spans.length, 'span')}: some backends cut a trace there and do not say so`,
    remedy: 'save this trace from a backend that gives all of it',
  };
}
