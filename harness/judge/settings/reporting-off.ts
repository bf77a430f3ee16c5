import { oneOfEach } from '../../diagnose/alike.ts';
import type { ConfigurationIssue } from '../../model/cluster.ts';
import type { FindingCode } from '../../model/codes.ts';
import { refTo } from '../../model/finding.ts';
import { isProxySpan } from '../../model/span.ts';
import { type Circumstance, type Noted, servicesIn } from '../circumstance.ts';
import type { RunView } from '../run-view.ts';

/** A span of the caller is missing, or a trace is linked over its place. */
const NO_CALL: ReadonlySet<FindingCode> = new Set(['HC302', 'HC402', 'HC406', 'HC501', 'HC603']);

/** Services whose spans of one direction are switched off, and that have none of them in the run. */
interface Off {
  readonly issue: ConfigurationIssue;
  readonly made: ReadonlySet<string>;
  readonly received: ReadonlySet<string>;
}

/**
 * Span reporting is switched off (HC803): the spans of these services are not made, and the context passes all the same
 * (docs/facts/istio.md#providers). Explains what is missing of them, and links that lead over them.
 */
export function reportingOff(view: RunView): Circumstance | undefined {
  const issues = (view.capture.cluster?.issues ?? []).filter(({ code }) => code === 'HC803');
  if (issues.length === 0) return undefined;
  const seen = { client: seenIn(view, 'client'), server: seenIn(view, 'server') };
  const switches = issues.map((issue): Off => {
    const { services = servicesIn(issue.subject), modes = ['CLIENT', 'SERVER'] } = issue;
    const without = (mode: 'CLIENT' | 'SERVER', those: ReadonlySet<string>) =>
      new Set(modes.includes(mode) ? services.filter((name) => !those.has(name)) : []);
    return { issue, made: without('CLIENT', seen.client), received: without('SERVER', seen.server) };
  });
  return {
    explains: (note) => {
      const found = switches.find((off) => covers(off, note))?.issue;
      return found && refTo(found.code, found.subject);
    },
  };
}

function seenIn({ traces }: RunView, kind: 'client' | 'server'): ReadonlySet<string> {
  const made = oneOfEach(traces)
    .flatMap((trace) => trace.made)
    .filter(({ span }) => span.kind === kind && isProxySpan(span));
  return new Set(made.flatMap(({ workload }) => workload?.service ?? []));
}

function covers({ made, received: answered }: Off, { code, subject, received }: Noted): boolean {
  if (subject.kind === 'service') {
    if (code === 'HC306') return (received.kind === 'missing-parents' ? made : answered).has(subject.service);
    return code === 'HC301' && answered.has(subject.service);
  }
  if (subject.kind !== 'hop') return false;
  const { caller, callee } = subject;
  if (code === 'HC303' || code === 'HC407') return answered.has(callee);
  if (code === 'HC408') return answered.has(caller);
  return NO_CALL.has(code) && (made.has(caller) || answered.has(caller));
}
