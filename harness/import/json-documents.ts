import { jsonPlace } from '../model/json-place.ts';
import { ImportError } from './import-error.ts';

/** What the file should be, for messages. */
interface Wanted {
  readonly expected: string;
  readonly example: string;
}

const TRACES: Wanted = {
  expected: "JSON of a trace backend's query API",
  example: "curl -s 'http://127.0.0.1:16686/api/traces?service=NAME&limit=1000&raw=true' > traces.json",
};

/**
 * The JSON documents of a file: one, or several one after another as a streaming server sends them, on separate lines
 * or not. Linear in the length of the text.
 * @throws ImportError that names the place where it is not JSON; nothing of the text is quoted.
 */
export function jsonDocuments(text: string, file: string, wanted: Wanted = TRACES): readonly unknown[] {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const start = body.trimStart().slice(0, 1);
  if (start === '') throw refused({ file }, 'an empty file', wanted);
  if (start === '<') throw refused({ file }, 'an HTML or XML page', wanted);
  try {
    return [JSON.parse(body)];
  } catch (error) {
    return several(body, file, error, wanted);
  }
}

/** Each document parsed for itself; where there is but one, its own error is the one to tell. */
function several(body: string, file: string, whole: unknown, wanted: Wanted): readonly unknown[] {
  const pieces = split(body);
  if (pieces.length < 2) throw broken(file, body, 0, whole, wanted);
  return pieces.map(({ start, end }): unknown => {
    const piece = body.slice(start, end);
    try {
      return JSON.parse(piece);
    } catch (error) {
      throw broken(file, piece, body.slice(0, start).split('\n').length - 1, error, wanted);
    }
  });
}

function broken(file: string, text: string, linesBefore: number, cause: unknown, wanted: Wanted): ImportError {
  const place = jsonPlace(text, cause);
  const at = place.replace(/^line (\d+)/, (_, line: string) => `line ${Number(line) + linesBefore}`);
  const message = cause instanceof Error ? cause.message : '';
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  const isCut = /end of JSON|Unterminated/.test(message) || Number(position) >= text.trimEnd().length;
  const received = isCut ? 'JSON that ends too early: the file is cut' : 'bytes that are not JSON';
  return refused({ file, at }, received, wanted, cause);
}

function refused(
  place: { readonly file: string; readonly at?: string },
  received: string,
  wanted: Wanted,
  cause?: unknown,
): ImportError {
  return new ImportError(place, { ...wanted, received, cause });
}

interface Piece {
  readonly start: number;
  readonly end: number;
}

/** Where objects and lists begin and end at the outermost level; text between them is another piece, and not JSON. */
function split(body: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let depth = 0;
  let start = -1;
  let inText = false;
  for (let at = 0; at < body.length; at += 1) {
    const char = body[at] ?? '';
    if (inText) {
      if (char === '\\') at += 1;
      else if (char === '"') inText = false;
      continue;
    }
    if (char === '"') inText = true;
    if (start < 0 && !/\s/.test(char)) start = at;
    if (char === '{' || char === '[') depth += 1;
    if (char !== '}' && char !== ']') continue;
    depth -= 1;
    if (depth > 0) continue;
    pieces.push({ start, end: at + 1 });
    start = -1;
    depth = 0;
  }
  if (start >= 0) pieces.push({ start, end: body.length });
  return pieces;
}
