import { safeText } from './safe-text.ts';
import { wrapCommand } from './wrap.ts';

/** What to do, to be copied: a command can be continued over lines; a manifest keeps its own, from the first column on, for that is where a shell looks for its end. */
export function fixLines(fix: string, columns: number, first: string): string[] {
  const lines = fix.split('\n').map((line) => safeText(line, 1000));
  return lines.length === 1 ? wrapCommand(lines.join(), columns, first) : lines;
}
