import type { ContractFact } from '../../model/facts/contract.ts';
import type { JudgedCell, JudgedHop } from '../../model/report.ts';
import type { HeaderCell } from './classify.ts';
import { headerOf } from './headers.ts';
import type { ContractView } from './judged-calls.ts';

/** The same cells as those of a mesh, of each upstream: here every header can be seen. */
export function contractHops(view: ContractView): readonly JudgedHop[] {
  const { capture, calls: all, usual, headers } = view;
  const sent = capture.exchanges.filter(({ phase, status }) => phase !== 'isolation' && status !== undefined).length;
  return capture.upstreams.map(({ name }) => {
    const calls = all.filter(({ call }) => call.upstream === name);
    const cells = headers.map((header): readonly [string, JudgedCell] => {
      const seen = calls.flatMap((call) =>
        call.cells
          .filter((cell) => cell.header === header)
          .map((cell) => ({ cell, isWrong: call.wrong.some((wrong) => wrong.header === header) })),
      );
      return [header, cellOf(view, header, seen)];
    });
    return {
      caller: capture.service.name,
      callee: name,
      seen: new Set(calls.map(({ exchange }) => exchange.id)).size,
      expected: (usual.get(name) ?? 0) > 0 ? new Set(calls.map(({ exchange }) => exchange.id)).size : sent,
      headers: Object.fromEntries(cells),
    };
  });
}

interface Seen {
  readonly cell: HeaderCell;
  readonly isWrong: boolean;
}

function cellOf(view: ContractView, header: string, seen: readonly Seen[]): JudgedCell {
  const is = (cell: JudgedCell['cell'], why: ContractFact): JudgedCell => ({ cell, facts: { why } });
  const sent = seen.filter(({ cell }) => cell.sent.length > 0);
  if (sent.length === 0) return is('not-observable', { kind: 'header-not-tried' });
  const wrong = seen.filter(({ isWrong }) => isWrong);
  const lost = wrong.filter(({ cell }) => cell.outcome === 'dropped');
  const of = sent.length;
  if (lost.length > 0) return is('lost', { kind: 'header-missing', calls: lost.length, of });
  if (wrong.length > 0) return is('changed', { kind: 'header-wrong', calls: wrong.length, of: seen.length });
  if (sent.every(({ cell }) => cell.outcome === 'dropped'))
    return is('lost', { kind: 'header-missing', calls: of, of });
  return is('kept', { kind: 'header-passed', calls: of, how: view.kinds[headerOf(header).family] ?? 'pass-through' });
}
