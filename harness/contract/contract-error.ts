import { HopcheckError } from '../model/hopcheck-error.ts';

/** Contract mode cannot begin: wrong options, or an address that cannot be had. */
export class ContractError extends HopcheckError {
  override readonly name = 'ContractError' as const;
}
