import type { FindingCode } from '../../model/codes.ts';
import { refTo } from '../../model/finding.ts';
import type { Circumstance } from '../circumstance.ts';
import type { RunView } from '../run-view.ts';

/** No provider, a provider that does not exist, or a collector that proxies cannot report to. */
const NOWHERE: ReadonlySet<FindingCode> = new Set(['HC801', 'HC802', 'HC804']);

/** The configuration says why no span came at all (HC709). */
export function tracingNotSet({ capture: { cluster }, application }: RunView): Circumstance | undefined {
  const issue = cluster?.issues.find(
    ({ code, severity, subject, services }) =>
      severity === 'error' &&
      (NOWHERE.has(code) || (code === 'HC803' && (services?.includes(application.gateway) ?? subject.kind === 'mesh'))),
  );
  if (issue === undefined) return undefined;
  const ref = refTo(issue.code, issue.subject);
  return { explains: ({ code }) => (code === 'HC709' ? ref : undefined) };
}
