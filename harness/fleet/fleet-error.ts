import { HopcheckError } from '../model/hopcheck-error.ts';

/** Captures that are not parts of one plan, or a plan of many targets that cannot be used. */
export class FleetError extends HopcheckError {
  override readonly name = 'FleetError' as const;
}
