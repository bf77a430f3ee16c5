import type { FleetReport } from '../../harness/model/fleet-report.ts';
import { jsonReport } from '../json.ts';
import { jsonText } from '../no-command.ts';

/** For scripts: every target, with its own report as `--report json` writes it (docs/report.schema.json). */
export function renderFleetJson(fleet: FleetReport): string {
  const each = fleet.targets.map(({ report, ...target }) => ({
    ...target,
    ...(report !== undefined && { report: jsonReport(report) }),
  }));
  return jsonText({ ...fleet, targets: each });
}
