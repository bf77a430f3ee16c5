import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spoilt } from '../fixtures/testing/spoilt-report.ts';
import type { RunReport } from '../harness/model/report.ts';
import { renderDoctor } from './doctor.ts';
import { FORMATS } from './formats.ts';
import { asNoCommand } from './no-command.ts';
import { renderTerminal } from './terminal.ts';

describe('a CI runner', () => {
  /** As actions/runner reads a step's output, line by line (ActionCommand.cs); .NET's white space is JavaScript's and U+0085. */
  const commands = (text: string) =>
    text.split(/\r\n|\n|\r/).filter((line) => {
      const start = line.replace(/^[\s\u0085]+/, '');
      return (start.startsWith('::') && start.indexOf('::', 2) > 0) || /##(?:vso)?\[/.test(line);
    });
  const mischief = fc
    .array(
      fc.constantFrom(
        '::error::',
        '::',
        ' ',
        'word',
        '##[error]',
        '##vso[a]',
        '##',
        '[',
        '\n',
        '\u0085',
        'x'.repeat(30),
      ),
      {
        maxLength: 30,
      },
    )
    .map((parts) => parts.join(''));
  const doctor = (text: string) =>
    renderDoctor(
      {
        schema: 'hopcheck/doctor@1',
        ready: false,
        exitCode: 2,
        traceBackend: text,
        preconditions: [
          { id: 'ingress', statement: 'the ingress answers', status: 'failed', observed: text, fix: text },
          { id: 'served', statement: 'a page comes back', status: 'failed', observed: text, fix: `kubectl ${text}` },
          {
            id: 'backend',
            statement: 'the backend answers',
            status: 'ok',
            observed: text,
            fix: `apiVersion: v1\n${text}`,
          },
        ],
        ingress: text,
      },
      { color: false },
    );

  it.each([
    ...(['normal', 'verbose', 'short', 'quiet'] as const).map(
      (view) => [`terminal, ${view}`, (text: string) => renderTerminal(spoilt(text), { color: false, view })] as const,
    ),
    ...(['json', 'junit', 'ctrf', 'markdown', 'prometheus'] as const).map(
      (format) => [format, (text: string) => FORMATS[format](spoilt(text))] as const,
    ),
    ['doctor', doctor] as const,
  ])('finds no command in the output of %s', (_, render) => {
    fc.assert(
      fc.property(mischief, (text) => {
        expect(commands(render(text))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('finds the commands of texts that are printed without a change', () => {
    expect(commands('\u0085 ::add-mask::PASS\nall well ##[error]pwned\nat ::1\n::1 is IPv6')).toHaveLength(2);
  });

  it('gets all other text unchanged', () => {
    const text = 'http://[::1]:8080 · ::1\n::1 answers\nVec::new() and Vec::from\n## [link]';
    expect(asNoCommand(text)).toBe(text);
    const spoiltJson = JSON.parse(FORMATS.json(spoilt('##[error]x'))) as RunReport;
    expect(spoiltJson.sentence).toBe('##[error]x');
  });
});
