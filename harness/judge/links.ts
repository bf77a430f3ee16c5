import type { Application } from '../model/application.ts';
import type { CheckedHop } from '../model/expected.ts';
import { refTo } from '../model/finding.ts';
import { knownNames } from '../model/of-request.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import { proxyAbove } from '../model/trace.ts';
import { isOwnRequest } from './call-nature.ts';
import { hopSubject } from './calls.ts';
import { explanationOf, foreignCalls } from './explanations.ts';
import type { Note } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';

/**
 * How proxy spans must hang together: below a CLIENT the SERVER of the service it names; below a SERVER the CLIENT
 * spans of the same pod. Spans of an app's own SDK may stand between and are looked through.
 */
export function noteLinks(
  trace: TraceView,
  view: RunView,
  note: (note: Omit<Note, 'of' | 'exchange' | 'traceId'>) => void,
): void {
  const { application } = view;
  const { assembly, makers, made } = trace;
  const explained = (hop: { caller: string; callee: string }) => {
    // The call of a gateway may be a part of one that goes through it.
    const checked =
      trace.hops.find(
        ({ caller, callee, calledAs }) => (caller === hop.caller || calledAs === hop.caller) && callee === hop.callee,
      ) ?? hop;
    const explainedBy = explanationOf(checked, trace.exchange.probe.id, view);
    return explainedBy === undefined ? {} : { explainedBy };
  };
  // The call between them was not captured, and trace shape reports that.
  const uncaptured = (span: Span, { caller, callee }: { caller: string; callee: string }) => {
    const hop = trace.hops.find(
      ({ arrived, ...one }) =>
        arrived === span || (arrived?.kind === 'client' && one.caller === caller && one.callee === callee),
    );
    const between = hop ?? trace.hops.find((one) => isBetween(one, caller, callee));
    if (between === undefined) return undefined;
    return explanationOf(between, trace.exchange.probe.id, view) ?? refTo('HC302', hopSubject(application, between));
  };
  // A service between them made no spans and passed the headers on.
  const isBetween = ({ caller, callee, half }: CheckedHop, above: string, below: string) =>
    half === 'client' &&
    caller === above &&
    application.calls.some((call) => call.caller === callee && call.callee === below);
  // The SERVER span between a call and the calls of its callee did not come, and trace shape reports that.
  const unanswered = (parent: Span, maker: string) => {
    const hop = trace.hops.find(
      ({ clientSpan, callee, half }) => clientSpan === parent && callee === maker && half === 'server',
    );
    return hop === undefined ? undefined : explanationOf(hop, trace.exchange.probe.id, view);
  };
  const known = knownNames(application);
  const onCycle = new Set(assembly.cycles.flat());
  for (const { span, workload } of made) {
    if (!isProxySpan(span) || workload === undefined || onCycle.has(span)) continue;
    const parent = proxyAbove(span, assembly);
    const above = parent === undefined ? undefined : makers.get(parent);
    if (parent === undefined || above === undefined) continue;
    if (span.kind === 'server') {
      const named = calledService(parent, view.naming.homes);
      if (parent.kind !== 'client') {
        const subject = hopSubject(application, { caller: above.service, callee: workload.service });
        const accounted = uncaptured(span, { caller: above.service, callee: workload.service });
        note({
          code: 'HC406',
          subject,
          causes: ['parent-wrong'],
          expected: { kind: 'client-above', service: above.service },
          received: {
            kind: 'span-above',
            above: parent.kind,
            aboveService: above.service,
            span: span.kind,
            service: workload.service,
          },
          spans: [span],
          ...(accounted !== undefined && { explainedBy: accounted }),
        });
      } else if (named !== undefined && named !== workload.service && !isOtherWay(parent, trace)) {
        const subject = hopSubject(application, { caller: above.service, callee: named });
        note({
          code: 'HC407',
          subject,
          causes: ['parent-wrong'],
          expected: { kind: 'server-of', service: named },
          received: { kind: 'server-of-other', service: workload.service },
          spans: [span],
          ...explained({ caller: above.service, callee: named }),
        });
      }
    } else if (span.kind === 'client') {
      const callee = calledService(span, view.naming.homes) ?? 'unknown';
      const hop = {
        caller: workload.service,
        callee,
        ...(workload.version !== undefined && { callerVersion: workload.version }),
      };
      const own =
        above.service === workload.service &&
        (above.pod === undefined || workload.pod === undefined || above.pod === workload.pod);
      if (own && (parent.kind === 'server' || isOwnRequest(span, trace, application.gateway, trace.application.entry)))
        continue;
      // A gateway with one span per request, which was called from inside.
      if (isGatewayCalled(parent, workload.service, application)) continue;
      // Something in front of the gateway has the span above it; that it is there is another finding.
      if (workload.service === application.gateway && !known.has(above.service)) continue;
      const code = above.service === workload.service && parent.kind !== 'server' ? 'HC406' : 'HC408';
      const accounted =
        uncaptured(span, { caller: above.service, callee: workload.service }) ??
        (parent.kind === 'client' ? unanswered(parent, workload.service) : undefined) ??
        (above.service === workload.service ? foreignCalls(trace, view, callee) : undefined);
      note({
        code,
        subject: hopSubject(application, hop),
        causes: ['parent-wrong'],
        expected: { kind: 'own-server-above', maker: workload.pod ?? workload.service },
        received: { kind: 'span-seen', span: parent.kind, service: above.pod ?? above.service },
        spans: [span],
        ...explained(hop),
        ...(accounted !== undefined && { explainedBy: accounted }),
      });
    }
  }
}

/** The callee answers a call that names something else, and trace shape reports that. */
function isOtherWay(call: Span, { hops }: TraceView): boolean {
  return hops.some(({ clientSpan, isOtherWay: is }) => is === true && clientSpan === call);
}

function isGatewayCalled(call: Span, service: string, { gateway }: Application): boolean {
  return service === gateway && call.kind === 'client' && calledService(call) === gateway;
}
