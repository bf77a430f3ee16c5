import type { RunReport } from '../model/report.ts';

/**
 * How this hopcheck was called, for a command that a person may paste: a checkout runs by npm's script, a package of a
 * project by npx, and one that is installed for the whole machine by its own name.
 * @param env the process's variables; npm sets `npm_command` for whatever it starts.
 * @param file the module that asks; only a checkout runs TypeScript.
 */
export function calledAs(env: Readonly<Record<string, string | undefined>>, file = import.meta.filename): string {
  if (file.endsWith('.ts')) return 'npm run -s hopcheck --';
  return env.npm_command === undefined ? 'hopcheck' : 'npx hopcheck';
}

/**
 * Commands in a text for people, as they would have to be called here: `hopcheck explain HC501` becomes
 * `npx hopcheck explain HC501`. A sentence about hopcheck stays as it is. Doing it twice changes nothing more.
 * @param commands names of the commands that there are.
 */
export function asCalled(text: string, called: string | undefined, commands: readonly string[]): string {
  if (called === undefined || called === 'hopcheck') return text;
  const command = new RegExp(`(?<![\\w/.@-])(?<!npx )hopcheck (?=(?:${commands.join('|')}|--help)(?![\\w-]))`, 'g');
  return text.replaceAll(command, `${called} `);
}

/** A report for people, with its commands as they have to be called here. */
export function reportAsCalled(report: RunReport, called: string | undefined): RunReport {
  if (called === undefined || called === 'hopcheck') return report;
  const cellOf = (cell: RunReport['hops'][number]['headers'][string]) =>
    cell.command === undefined ? cell : { ...cell, command: cell.command.replace(/^hopcheck(?= )/, () => called) };
  const hops = report.hops.map((hop) => ({
    ...hop,
    headers: Object.fromEntries(Object.entries(hop.headers).map(([name, cell]) => [name, cellOf(cell)])),
  }));
  return { ...report, hops, called };
}
