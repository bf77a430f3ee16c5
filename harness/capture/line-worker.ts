import { parentPort } from 'node:worker_threads';
import { Rows } from '../model/span-rows.ts';
import { SpanWords } from '../model/span-words.ts';
import type { GivenLines, WrittenLines } from './line-thread.ts';
import { PackedLines } from './packed-lines.ts';
import { writeAll } from './write-all.ts';

// The thread of harness/capture/line-thread.ts: makes lines of spans that lie in shared memory, and writes them.

const sets: SpanWords[] = [];
const batches: Rows[] = [];
const packed = new PackedLines();
let file = -1;
/** After the first problem nothing more is written, as on the thread of the run. */
let problem: WrittenLines = '';

parentPort?.on('message', (given: GivenLines | 'end') => {
  if (given === 'end') {
    packed.flush(write);
    parentPort?.postMessage(problem);
    return;
  }
  for (const { set, words } of given.words) setOf(set).learn(words);
  for (const { set, batch } of given.batches) batches.push(new Rows(setOf(set), batch));
  file = given.file;
  makeLines(given);
});

function setOf(number: number): SpanWords {
  const known = sets[number];
  if (known !== undefined) return known;
  const made = new SpanWords();
  sets[number] = made;
  return made;
}

function makeLines({ text, lines, runs }: GivenLines): void {
  let from = 0;
  let run = 0;
  for (let line = 0; line < lines.length; line += 3) {
    const middle = from + (lines[line] as number);
    const end = middle + (lines[line + 1] as number);
    packed.begin(text.slice(from, middle));
    for (let left = lines[line + 2] as number; left > 0; left -= 1, run += 3) {
      const rows = batches[runs[run] as number] as Rows;
      const first = runs[run + 1] as number;
      for (let index = 0; index < (runs[run + 2] as number); index += 1) packed.span(rows, first + index);
    }
    packed.end(text.slice(middle, end), write);
    from = end;
  }
}

function write(bytes: Uint8Array): void {
  if (problem !== '') return;
  try {
    writeAll(file, bytes);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
}
