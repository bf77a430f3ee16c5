import type { Capture, SettledTrace } from '../model/capture.ts';
import type { ImportedFact } from '../model/facts/environment.ts';
import type { Fact } from '../model/facts/facts.ts';
import { SLS_SPANS } from '../model/limits.ts';

/** What was imported; undefined: hopcheck itself sent and collected. */
export function importedFact({ imported, exchanges }: Capture): ImportedFact | undefined {
  if (imported === undefined) return undefined;
  const { files, traces, foreign, requests, complete, searched } = imported;
  return {
    files,
    traces,
    foreign,
    listed: requests,
    complete,
    requests: exchanges.length,
    ...(searched !== undefined && {
      searched: {
        services: searched.services.length,
        from: searched.from,
        to: searched.to,
        limit: searched.limit,
        cut: [...new Set(searched.cut.map(({ service }) => service))],
      },
    }),
  };
}

/** Why there is no probe. */
export function nothingSent({ imported, application, preflight }: Capture): Fact {
  if (imported === undefined) return { kind: 'no-probe-sent' };
  if (imported.requests) return { kind: 'no-request-listed' };
  // The name is that of the spans where one of them shows it, else that of the definition.
  return {
    kind: 'no-gateway-span',
    traces: imported.traces,
    gateway: application.gateway,
    path: application.request.path,
    others: preflight.gateway === undefined,
  };
}

/** Why a trace of a dump is not taken as final, and what to do. */
export function openImport({ spans }: SettledTrace): Readonly<Record<'expected' | 'received' | 'remedy', Fact>> {
  if (spans.length === 0)
    return {
      expected: { kind: 'trace-in-dump' },
      received: { kind: 'not-in-dump' },
      remedy: { kind: 'import-complete' },
    };
  if (spans.length !== SLS_SPANS)
    return {
      expected: { kind: 'whole-trace' },
      received: { kind: 'saved-too-early', spans: spans.length },
      remedy: { kind: 'save-later' },
    };
  return {
    expected: { kind: 'whole-trace' },
    received: { kind: 'perhaps-cut', spans: spans.length },
    remedy: { kind: 'save-whole-trace' },
  };
}
