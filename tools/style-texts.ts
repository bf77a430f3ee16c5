import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** Something that a person reads. */
export interface Text {
  readonly file: string;
  /** Of its first character, from 1. */
  readonly line: number;
  readonly text: string;
}

const CODE = ['{harness,specs,fixtures,reports,tools,deploy}/**/*.{ts,mts,mjs}', '*.ts'];
const PAGES = [
  ...['*.md', '{docs,deploy,fixtures}/**/*.md', '.ci/run', '.github/**/*.yml'],
  ...['deploy/**/*.{yaml,yml}', 'deploy/**/Jenkinsfile', 'fixtures/**/*.{yaml,sh}'],
];
/** Programs in other languages: their comments. Those of fixtures/kube/go are left out: a changed file there is built anew. */
const COMMENTED = ['fixtures/**/*.{py,java}', 'fixtures/contract/**/*.go', 'reports/html/styles/*.css'];
/** These name the phrases in order to replace them. */
const ABOUT_STYLE: ReadonlySet<string> = new Set(['docs/style.md', 'tools/style-phrases.ts', 'tools/style.test.ts']);
/** A string without a space is a name: a style class, an account, a key. */
const SENTENCE = /\s/;
/** Its source is counted instead; or it repeats what a program printed. */
const MADE = /^(?:<!--|\/\/|#) (?:generated|written|recorded)\b/;

/** Every text of the tree under `root`: strings and comments of code, prose of documents. */
export function allTexts(root: string): readonly Text[] {
  const read = (patterns: string[], textsOf: (file: string, source: string) => readonly Text[]) =>
    globSync(patterns, { cwd: root, exclude: ['**/node_modules/**'] })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => !ABOUT_STYLE.has(file))
      .toSorted()
      .flatMap((file) => {
        const source = readFileSync(join(root, file), 'utf8');
        return MADE.test(source) ? [] : textsOf(file, source);
      });
  return [...read(CODE, textsOfCode), ...read(PAGES, textsOfPage), ...read(COMMENTED, commentsOf)];
}

/** String literals, templates and comments. Comments that follow each other line by line are one text. */
export function textsOfCode(file: string, source: string): readonly Text[] {
  const { program, comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message ?? 'cannot be parsed'}`);
  const lineAt = lineFinder(source);
  const texts: Text[] = [];
  visit(program, (start, text) => texts.push({ file, line: lineAt(start), text: oneLine(text) }));
  let run: { readonly line: number; until: number; text: string } | undefined;
  const close = () => {
    if (run !== undefined) texts.push({ file, line: run.line, text: oneLine(run.text) });
    run = undefined;
  };
  for (const { type, value, start } of comments) {
    const line = lineAt(start);
    if (run !== undefined && type === 'Line' && line === run.until + 1) {
      run.text += `\n${value}`;
      run.until = line;
      continue;
    }
    close();
    if (type === 'Line') run = { line, until: line, text: value };
    else texts.push({ file, line, text: oneLine(value) });
  }
  close();
  return texts;
}

/** The prose, line by line: code blocks and `code` show what programs and people type. */
export function textsOfPage(file: string, source: string): readonly Text[] {
  const prose = file.endsWith('.md')
    ? source
        .replaceAll(/^( *```)[\s\S]*?^ *```/gm, (block) => block.replaceAll(/[^\n]/g, ''))
        .replaceAll(/`[^`\n]*`/g, '`')
    : source;
  return prose.split('\n').flatMap((text, index) => (text.trim() === '' ? [] : [{ file, line: index + 1, text }]));
}

/** Comments of Python, Go, Java and CSS: a text each, but for lines of `//` and `#`, which are a text per line. */
export function commentsOf(file: string, source: string): readonly Text[] {
  const comment = file.endsWith('.py')
    ? /"""([\s\S]*?)"""|(?<=^|\s)# (.*)$/gm
    : /\/\*([\s\S]*?)\*\/|(?<=^|\s)\/\/ (.*)$/gm;
  const lineAt = lineFinder(source);
  return [...source.matchAll(comment)].map((match) => ({
    file,
    line: lineAt(match.index),
    text: oneLine(match[1] ?? match[2] ?? ''),
  }));
}

/** Block comments have a star before each line, docstrings a second one at their head. */
const oneLine = (text: string) =>
  text
    .replace(/^\*/, '')
    .replaceAll(/\s*\n\s*(?:\*(?!\*)\s?)?/g, ' ')
    .trim();

function visit(node: unknown, found: (start: number, text: string) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { type, value, start } = node as { type?: unknown; value?: unknown; start?: unknown };
  if (typeof start === 'number') {
    if (type === 'Literal' && typeof value === 'string' && SENTENCE.test(value)) found(start, value);
    if (type === 'TemplateElement') found(start, (value as { cooked: string | null }).cooked ?? '');
  }
  for (const item of Object.values(node)) if (typeof item === 'object') visit(item, found);
}

/** By bisection: a long table has thousands of strings. */
function lineFinder(source: string): (offset: number) => number {
  const ends = [...source.matchAll(/\n/g)].map(({ index }) => index);
  return (offset) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
