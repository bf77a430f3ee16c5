import { HopcheckError } from '../model/hopcheck-error.ts';

/** The traces could not be fetched, so that nothing can be judged: exit code 2, as where an environment is not ready. */
export class FetchError extends HopcheckError {
  override readonly name = 'FetchError' as const;
  constructor(message: string, { hint, cause }: { readonly hint: string; readonly cause: unknown }) {
    super(`the traces could not be fetched: ${message}`, { exitCode: 2, hint, cause });
  }
}
