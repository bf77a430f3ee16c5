import { wrap } from '../../reports/wrap.ts';
import { CODES, type FindingCode } from '../model/codes.ts';
import { tagsOf } from '../model/policy.ts';
import { ALL_PROMISES, TAGS } from '../model/promises.ts';
import type { CommandRow } from './context.ts';
import { columnsOf } from './output.ts';

export const codesCommand: CommandRow = {
  name: 'codes',
  about: 'list the finding codes by promise, with their tags',
  examples: ['hopcheck codes', 'hopcheck codes --json'],
  define(command, { io }, done) {
    command.option('--json', 'as JSON, for scripts');
    command.action((flags: { json?: true }) => {
      if (flags.json) io.stdout.data(asJson());
      else io.stdout.write(asText(columnsOf(io.stdout)));
      done(0);
    });
  },
};

function codesOfPromise(promise: string): FindingCode[] {
  return (Object.keys(CODES) as FindingCode[]).filter((code) => CODES[code].promise === promise);
}

function asJson(): string {
  const codes = ALL_PROMISES.flatMap(({ id }) => codesOfPromise(id));
  const rows = codes.map((code) => ({
    code,
    promise: CODES[code].promise,
    title: CODES[code].title,
    tags: tagsOf(code),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function asText(columns: number): string {
  const lines = ALL_PROMISES.flatMap(({ id, title, tags }) => [
    ...wrap(`${title}${tags.length === 0 ? '' : ` [${tags.join(', ')}]`}`, columns, `${id}: `),
    ...codesOfPromise(id).flatMap((code) => wrap(CODES[code].title, columns, `  ${code}  `)),
    '',
  ]);
  const groups = Object.entries(TAGS).flatMap(([tag, text]) => wrap(text, columns - 2, `${tag}: `));
  return [...lines, 'tags, for --only and --skip:', ...groups.map((line) => `  ${line}`), ''].join('\n');
}
