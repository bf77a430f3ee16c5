import { gunzipSync, gzipSync } from 'node:zlib';
import { CaptureError } from './part.ts';

/**
 * Largest packed capture that a log takes, bytes. In base64 it is 6.7 MB, and a kubelet keeps the last 10 MiB of a log
 * (containerLogMaxSize): more would be cut without a word.
 */
export const LOG_CAPTURE_BYTES = 5_000_000;
/** Characters of base64 in a line: a container runtime cuts lines at 16 KiB. */
const LINE = 12_000;
const MARK = 'hopcheck-capture';
const PATTERN = new RegExp(`${MARK} (\\d{1,9}) ([0-9a-z]{1,64}) (\\d{1,9})/(\\d{1,9}) ([A-Za-z0-9+/=]*)`);
/** A packed capture may not become more than this, bytes. */
const LARGEST = 2 ** 30;

/** A capture that was found in a log. */
export interface LoggedCapture {
  /** Completion index of the process that wrote it. */
  readonly index: number;
  readonly run: string;
  /** Records of the capture; absent: lines of it are missing. */
  readonly text?: string;
}

/**
 * A capture as lines of a log, packed with gzip. Each line says whose it is and its place, so that lines of several
 * processes may be mixed, and stand behind a prefix.
 * @throws CaptureError where it is larger than {@link LOG_CAPTURE_BYTES}
 */
export function toLogLines(text: string, index: number, run: string): string {
  const packed = gzipSync(text, { level: 9 });
  if (packed.length > LOG_CAPTURE_BYTES)
    throw new CaptureError(
      `the capture has ${packed.length} bytes, packed, and a log takes ${LOG_CAPTURE_BYTES}; expected less, e.g. more parts, or --to a folder or URL`,
    );
  const base64 = packed.toString('base64');
  const of = Math.ceil(base64.length / LINE);
  return Array.from(
    { length: of },
    (_, at) => `${MARK} ${index} ${run} ${at + 1}/${of} ${base64.slice(at * LINE, (at + 1) * LINE)}\n`,
  ).join('');
}

/** The captures in a log, in whatever order their lines are; other lines are passed over. */
export function fromLogLines(log: string): readonly LoggedCapture[] {
  const found = new Map<string, { index: number; run: string; of: number; lines: Map<number, string> }>();
  for (const line of log.split('\n')) {
    const [, index, run = '', at, of, data = ''] = PATTERN.exec(line) ?? [];
    if (index === undefined) continue;
    const key = `${index} ${run}`;
    const known = found.get(key) ?? { index: Number(index), run, of: Number(of), lines: new Map<number, string>() };
    known.lines.set(Number(at), data);
    found.set(key, known);
  }
  return [...found.values()].map(({ index, run, of, lines }) => {
    const ordered = [...lines].toSorted(([a], [b]) => a - b).map(([, data]) => data);
    const text = ordered.length === of ? unpacked(ordered.join('')) : undefined;
    return { index, run, ...(text !== undefined && { text }) };
  });
}

/** undefined: a line was cut, or is another's. Gzip has its own checksum. */
function unpacked(base64: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: LARGEST }).toString('utf8');
  } catch {
    return undefined;
  }
}
