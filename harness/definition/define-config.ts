import type { z } from 'zod';
import type { OPTIONS, OptionName } from '../config/options.ts';
import type { DefinitionInput } from './schema.ts';

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

type Value<Name extends OptionName> = z.input<(typeof OPTIONS)[Name]['schema']> | number | boolean;

/** `hopcheck.config.ts`, as editors check it: each option by its key, and the application as data or as a path. */
export type Config = {
  readonly [Name in Exclude<OptionName, 'application'> as CamelCase<Name>]?:
    | Value<Name>
    | readonly Value<Name>[]
    | undefined;
} & { readonly application?: string | DefinitionInput };

/** Gives a configuration its type, and returns it: `export const config = defineConfig({ … })`. */
export function defineConfig(config: Config): Config {
  return config;
}

/** The same for an application in a separate file: `export const application = defineApplication({ … })`. */
export function defineApplication(application: DefinitionInput): DefinitionInput {
  return application;
}
