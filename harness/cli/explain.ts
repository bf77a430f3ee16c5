import { codePageLines } from '../../reports/code-page.ts';
import { ConfigError } from '../config/config-error.ts';
import { didYouMean, nearest } from '../config/did-you-mean.ts';
import { CODES, type FindingCode } from '../model/codes.ts';
import { orList } from '../model/or-list.ts';
import type { CommandRow } from './context.ts';
import { columnsOf } from './output.ts';

export const explainCommand: CommandRow = {
  name: 'explain',
  about: "print a finding code's page: what it means, and what to do",
  examples: ['hopcheck explain HC501'],
  define(command, { io }, done) {
    command.argument('<code>', 'e.g. HC302');
    command.action((given: string) => {
      const code = given.toUpperCase();
      if (!isCode(code)) {
        const known = Object.keys(CODES);
        const near = didYouMean(code, known);
        const few = `a code, such as ${orList(nearest(code, known))}; hopcheck codes lists all`;
        const expected = near === undefined ? few : `a code, perhaps ${near}`;
        throw new ConfigError([{ option: 'explain', value: given, expected, example: 'hopcheck explain HC302' }]);
      }
      io.stdout.write(`${codePageLines(code, CODES[code], columnsOf(io.stdout)).join('\n')}\n`);
      done(0);
    });
  },
};

function isCode(text: string): text is FindingCode {
  return Object.hasOwn(CODES, text);
}
