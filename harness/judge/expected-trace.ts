import { type Application, type Call, callsFrom } from '../model/application.ts';
import type { GatewayProfile } from '../model/capture.ts';
import type { ExpectedSpan, ExpectedTrace } from '../model/detail.ts';

/** Deeper than any application goes; a definition whose calls form a circle ends here. */
const DEEPEST = 32;

/** What a whole trace looks like by the definition, one a version of the versioned service. One gateway span where the profile is not known. */
export function expectedTraces(application: Application, profile: GatewayProfile = 1): readonly ExpectedTrace[] {
  const versions = Object.keys(application.versioned?.shares ?? {});
  if (versions.length === 0) return [{ spans: expectedSpans(application, profile, undefined) }];
  return versions.map((version) => ({ version, spans: expectedSpans(application, profile, version) }));
}

function expectedSpans(application: Application, profile: GatewayProfile, version: string | undefined): ExpectedSpan[] {
  const { gateway, entry } = application;
  const spans: ExpectedSpan[] = [];
  const versionOf = (service: string) => (application.versioned?.service === service ? version : undefined);
  const addHop = (caller: string, callee: string, depth: number, peer?: Call['peer']): void => {
    const hop = { caller, callee };
    const called = versionOf(callee);
    const calling = versionOf(caller);
    const server: ExpectedSpan = {
      depth: depth + 1,
      service: callee,
      ...(called !== undefined && { version: called }),
      kind: 'server',
      gateway: false,
      hop,
    };
    spans.push(
      {
        depth,
        service: caller,
        ...(calling !== undefined && { version: calling }),
        kind: 'client',
        gateway: caller === gateway,
        hop,
      },
      ...(peer === undefined ? [server] : []),
    );
    if (depth >= DEEPEST || peer !== undefined) return;
    for (const next of callsFrom(application, callee, called))
      if (next.optional !== true && next.peer !== 'unseen') addHop(callee, next.callee, depth + 2, next.peer);
  };
  if (profile === 2) spans.push({ depth: 0, service: gateway, kind: 'server', gateway: true });
  addHop(gateway, entry, profile === 2 ? 1 : 0);
  return spans;
}
