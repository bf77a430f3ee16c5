import type { ErrorCode } from 'yaml';

/** Own words: the library's may quote the file, which may hold a secret. */
const WORDS: Partial<Readonly<Record<ErrorCode, string>>> = {
  BAD_ALIAS: 'an alias (*name) that cannot be read',
  BAD_DQ_ESCAPE: 'a backslash that escapes nothing, in double quotes',
  BAD_INDENT: 'indented otherwise than the lines it belongs to',
  BAD_SCALAR_START: 'a value that begins with a character of YAML itself; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a colon with a space after it, inside a value; put it in quotes, or indent the line otherwise',
  BLOCK_IN_FLOW: 'a list or map on separate lines inside { } or [ ]',
  DUPLICATE_KEY: 'a key that is there twice',
  MISSING_CHAR: 'something is missing, such as a closing quote, bracket, or a comma',
  MULTILINE_IMPLICIT_KEY: 'a line without a colon, or a key over several lines',
  MULTIPLE_DOCS: 'a second document (---)',
  TAB_AS_INDENT: 'a tab for indentation; YAML takes spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) that is not known',
  UNEXPECTED_TOKEN: 'something that cannot stand there',
};

export function yamlTrouble(code: ErrorCode): string {
  return WORDS[code] ?? code.toLowerCase().replaceAll('_', ' ');
}
