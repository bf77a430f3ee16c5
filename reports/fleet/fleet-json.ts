import { z } from 'zod';
import { type FleetReport, fleetReportSchema, fleetTargetSchema } from '../../harness/model/fleet-report.ts';
import { jsonReport } from '../json.ts';
import { jsonText } from '../no-command.ts';

/** By `$id`: beside `hopcheck/fleet-report@1` this is `hopcheck/report@1`. */
const REPORT_REF = 'report@1';

/** What {@link renderFleetJson} writes; docs/fleet-report.schema.json is made of it, and refers to docs/report.schema.json. */
export const jsonFleetReportSchema = fleetReportSchema.extend({
  targets: z
    .array(
      fleetTargetSchema.extend({
        report: z
          .unknown()
          .meta({ $ref: REPORT_REF, description: fleetTargetSchema.shape.report.description ?? '' })
          .exactOptional(),
      }),
    )
    .min(1)
    .describe(fleetReportSchema.shape.targets.description ?? ''),
});

/** For scripts: every target, with its own report as `--report json` writes it (docs/fleet-report.schema.json). */
export function renderFleetJson(fleet: FleetReport): string {
  const each = fleet.targets.map(({ report, ...target }) => ({
    ...target,
    ...(report !== undefined && { report: jsonReport(report) }),
  }));
  return jsonText({ ...fleet, targets: each });
}
