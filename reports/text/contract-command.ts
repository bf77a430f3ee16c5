import type { ReportedCell, ReportedHop } from '../../harness/model/report.ts';

/**
 * Adds to each cell that no span can show the command that shows it: one service without a mesh, with every upstream that
 * it has here (docs/contract.md).
 */
export function withContractCommands(hops: readonly ReportedHop[]): readonly ReportedHop[] {
  const upstreams = Map.groupBy(hops, ({ caller }) => caller);
  return hops.map((hop) => {
    const command = commandOf(
      hop.caller,
      (upstreams.get(hop.caller) ?? []).map(({ callee }) => callee),
    );
    const withCommand = (cell: ReportedCell) => (cell.cell === 'not-observable' ? { ...cell, command } : cell);
    return {
      ...hop,
      headers: Object.fromEntries(Object.entries(hop.headers).map(([name, cell]) => [name, withCommand(cell)])),
    };
  });
}

function commandOf(service: string, upstreams: readonly string[]): string {
  const options = [...new Set(upstreams)].map((name) => ` --upstream ${name}`).join('');
  return `hopcheck contract --name ${service} --service http://127.0.0.1:PORT/PATH${options}`;
}
