import type { ConfigFile } from './names.ts';
import type { keyOf, OptionName } from './options.ts';

/** Where the options of a run come from, before any is read. */
export interface ConfigInput {
  /** As the command line gives them, by {@link keyOf}. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The configuration file, where there is one. */
  readonly file?: ConfigFile;
  /** Path of the application's page: an ingress may be given with it. */
  readonly page?: string;
  /** For CA files. */
  readonly readFile: (path: string) => string;
  /** Values found for options that were not given, and where. */
  readonly discovered?: Partial<Readonly<Record<OptionName, { readonly value: string; readonly from: string }>>>;
}
