import { isWrong } from './ended-errors.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView } from './run-view.ts';
import { seenChanges } from './seen-changes.ts';
import { MESH_CHANGED } from './weigh-change.ts';

/** Names all changes in one finding; from which nothing follows, it stays information (weigh-change.ts). */
export function noteMeshChanges(view: RunView, collector: FindingCollector): void {
  const changes = seenChanges(view);
  const [first] = changes;
  if (first === undefined) return;
  const { exchanges } = view.capture;
  const errors = exchanges.filter(
    (exchange) => exchange.answeredAtMs >= first.fromMs && isWrong(exchange, view.application),
  );
  collector.note({
    code: MESH_CHANGED,
    severity: 'info',
    subject: { kind: 'mesh' },
    causes: ['mesh-changed'],
    expected: { kind: 'same-mesh' },
    received: {
      kind: 'mesh-changes',
      changes: changes.map(({ fact }) => fact),
      errors: errors.length,
      of: exchanges.length,
    },
    of: changes.length,
    affected: changes.length,
    ...(errors[0] !== undefined && { exchange: errors[0] }),
  });
}
