import type { FindingCollector } from './finding-collector.ts';
import { type RunView, tracesToJudge } from './run-view.ts';
import { untouchedContext } from './untouched-context.ts';

/** Notes it once for the mesh (HC511). */
export function noteUntouched(view: RunView, collector: FindingCollector): void {
  const untouched = untouchedContext(view);
  if (untouched === undefined) return;
  const of = tracesToJudge(view).length;
  const order = [view.application.gateway, ...view.application.services.map(({ name }) => name)];
  const callers = order.filter((name) => untouched.callers.has(name));
  for (const { exchange, assembly } of untouched.shown)
    collector.note({
      code: 'HC511',
      subject: { kind: 'mesh' },
      causes: ['propagation-disabled'],
      expected: { kind: 'context-written' },
      received: { kind: 'context-untouched', callers },
      of,
      exchange,
      traceId: assembly.trace.id,
    });
}
