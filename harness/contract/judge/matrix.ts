import type { ReportedCell, ReportedHop } from '../../model/report.ts';
import type { HeaderCell } from './classify.ts';
import { headerOf } from './headers.ts';
import type { ContractView } from './judged-calls.ts';

/** The same cells as those of a mesh, of each upstream: here every header can be seen. */
export function contractHops(view: ContractView): readonly ReportedHop[] {
  const { capture, calls: all, usual, headers } = view;
  const sent = capture.exchanges.filter(({ phase, status }) => phase !== 'isolation' && status !== undefined).length;
  return capture.upstreams.map(({ name }) => {
    const calls = all.filter(({ call }) => call.upstream === name);
    const cells = headers.map((header): readonly [string, ReportedCell] => {
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

function cellOf(view: ContractView, header: string, seen: readonly Seen[]): ReportedCell {
  const sent = seen.filter(({ cell }) => cell.sent.length > 0);
  if (sent.length === 0) return { cell: 'not-observable', why: 'no call was seen of a request that carried it' };
  const wrong = seen.filter(({ isWrong }) => isWrong);
  const lost = wrong.filter(({ cell }) => cell.outcome === 'dropped');
  if (lost.length > 0) return { cell: 'lost', why: `missing from ${lost.length} of ${sent.length} calls` };
  if (wrong.length > 0)
    return { cell: 'changed', why: `not as it should be on ${wrong.length} of ${seen.length} calls` };
  if (sent.every(({ cell }) => cell.outcome === 'dropped')) return { cell: 'lost', why: 'never passed on' };
  const isTracer = view.kinds[headerOf(header).family] === 'tracer';
  return { cell: 'kept', why: isTracer ? `continued on ${sent.length} calls` : `passed on with ${sent.length} calls` };
}
