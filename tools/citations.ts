import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** A citation, link or image that leads nowhere, or a reference in a form that cannot be checked. */
export interface Broken {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly citation: string;
  readonly why: string;
}

export interface CitationReport {
  readonly files: number;
  /** Citations, links and images that were followed. */
  readonly followed: number;
  readonly broken: readonly Broken[];
}

const TEXTS = [
  '{harness,specs,fixtures,reports,tools,deploy}/**/*.{ts,go,txt,yaml,md}',
  'docs/**/*.{md,json}',
  '*.{md,ts}',
  '.ci/run',
];
/** Own tests plant what must be found. */
const PLANTED: ReadonlySet<string> = new Set(['tools/citations.test.ts']);

/**
 * A page or file of this repository, written from its root, as comments, messages and prose do. Several headings of one
 * page follow each other: `docs/facts/envoy.md#faults, #forcing`.
 */
const FROM_ROOT =
  /(?<![\w./$}-])(?:docs|deploy)\/(?:[\w-]+\/)*[\w.-]+\.(?:md|json|png|yaml)(?:#[\w-]+(?:,\s(?:\s*(?:\*|\/\/)\s)?#[\w-]+)*)?/g;
/** `[text](target)`, `![text](target)`, and the attributes that HTML in Markdown has. */
const LINK = /\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"\s]+)"/g;
/** A file of the code, named in prose. */
const CODE_FILE = /`((?:harness|specs|fixtures|reports|tools|deploy)\/[\w./-]+\.[a-z]+)`/g;
/** Sections of published standards are the only ones that are cited by number. */
const SECTION = /\u00a7/g;
const STANDARD = /(?:RFC \d+|W3C Trace Context|CommonMark) (?:\u00a7[\d.]+, )*$/;
/** Facts and design by their names from before they were in docs/. */
const OLD_NAME = /(?<!docs\/)\bfacts\/[\w-]+\.md|\b[\w-]+-observed\.md/g;

const CITE_A_HEADING = 'cite a heading: docs/<page>.md#<heading>';

/** Follows every citation of the tree under `root`. */
export function checkCitations(root: string): CitationReport {
  const files = globSync(TEXTS, { cwd: root, exclude: ['**/node_modules/**'] })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !PLANTED.has(file))
    .toSorted();
  const broken: Broken[] = [];
  let followed = 0;
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    const note = (index: number, citation: string, why: string | undefined) => {
      if (why !== undefined) broken.push({ file, line: text.slice(0, index).split('\n').length, citation, why });
    };
    const follow = (index: number, citation: string, target: string) => {
      followed += 1;
      note(index, citation, reasonAgainst(root, target));
    };
    for (const { 0: cited, index } of text.matchAll(FROM_ROOT))
      if (!isInLink(text, index)) for (const target of targetsOf(cited)) follow(index, target, target);
    for (const { index } of text.matchAll(SECTION))
      if (!STANDARD.test(text.slice(Math.max(0, index - 80), index).replaceAll(/\s+(?:\* )?/g, ' ')))
        note(index, text.slice(Math.max(0, index - 20), index + 6), CITE_A_HEADING);
    if (!file.endsWith('.md')) {
      for (const { 0: name, index } of text.matchAll(OLD_NAME)) note(index, name, CITE_A_HEADING);
      continue;
    }
    const prose = withoutCode(text);
    for (const { 0: all, 1: link, 2: attribute, index } of prose.matchAll(LINK)) {
      const target = link ?? attribute ?? '';
      if (/^<?[a-z]+:/.test(target)) continue;
      follow(index, all, target.startsWith('#') ? `${file}${target}` : posix.join(dirname(file), target));
    }
    for (const { 1: path = '', index } of text.matchAll(CODE_FILE)) follow(index, path, path);
  }
  return { files: files.length, followed, broken };
}

/** Undefined: there is such a file, and such a heading in it. */
function reasonAgainst(root: string, target: string): string | undefined {
  const [path = '', heading] = target.split('#');
  const place = join(root, path);
  const isThere = existsSync(place);
  if (!isThere) return `there is no ${path}`;
  if (heading === undefined || !path.endsWith('.md')) return undefined;
  const known = headingsOf(readFileSync(place, 'utf8'));
  return known.has(heading) ? undefined : `${path} has no heading #${heading}; it has ${[...known].join(', ')}`;
}

/** The addresses of a page's headings, as GitHub makes them: repeated ones get `-1`, `-2`. */
export function headingsOf(page: string): ReadonlySet<string> {
  const addresses = new Set<string>();
  for (const [, title = ''] of withoutBlocks(page).matchAll(/^#{1,6} (.*)$/gm)) {
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const slug = plain
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\-_ ]/gu, '')
      .replaceAll(' ', '-');
    let address = slug;
    for (let count = 1; addresses.has(address); count += 1) address = `${slug}-${count}`;
    addresses.add(address);
  }
  return addresses;
}

/** Code blocks and `code` blanked out, so that places stay where they are. */
const withoutCode = (page: string) => withoutBlocks(page).replaceAll(/`[^`\n]*`/g, blank);
const withoutBlocks = (page: string) => page.replaceAll(/^ *```[\s\S]*?^ *```/gm, blank);
const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ');

/** `a.md#x, #y` are two. */
function targetsOf(cited: string): readonly string[] {
  const [page = '', ...headings] = cited.split(/#|,[\s*/]*#/);
  return headings.length === 0 ? [page] : headings.map((heading) => `${page}#${heading}`);
}

/** A link's target is resolved from its page. */
function isInLink(text: string, index: number): boolean {
  return /(?:\]\(|(?:src|srcset|href)=")$/.test(text.slice(Math.max(0, index - 10), index));
}
