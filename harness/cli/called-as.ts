/**
 * How this hopcheck was called, for a command that a person may paste: a checkout runs by npm's script, a package by npx or
 * by its own name.
 * @param env the process's variables; npm sets `npm_command`.
 * @param file the module that asks; only a checkout runs TypeScript.
 */
export function calledAs(env: Readonly<Record<string, string | undefined>>, file = import.meta.filename): string {
  if (file.endsWith('.ts')) return 'npm run -s hopcheck --';
  return env.npm_command === 'exec' ? 'npx hopcheck' : 'hopcheck';
}
