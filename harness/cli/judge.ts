import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderReport } from '../../reports/text/render-report.ts';
import { decodeCapture } from '../capture/decode.ts';
import { CaptureLines } from '../capture/lines.ts';
import { CaptureError } from '../capture/part.ts';
import { PieceWorkers } from '../capture/piece-workers.ts';
import { resolvePolicy } from '../config/policy.ts';
import { decodeContract, isContractCapture } from '../contract/capture-file.ts';
import { judgeContract } from '../contract/judge/judge-contract.ts';
import { jsonDocuments } from '../import/json-documents.ts';
import { tracesOf } from '../import/read-dump.ts';
import { judge } from '../judge/judge.ts';
import { applyPolicy } from '../judge/policy.ts';
import type { Capture } from '../model/capture.ts';
import { keepHeapSmall } from '../system/small-heap.ts';
import { checkBaselineOf } from './baseline-of-run.ts';
import { type ByteSource, openBytes } from './byte-source.ts';
import type { CommandContext, CommandRow } from './context.ts';
import { checkDeliveries, deliver, hasPictures } from './deliver.ts';
import { endingOf, exitCodeOf } from './ending.ts';
import { unmetSelectionLines } from './mistyped-tolerations.ts';
import { checkNewBaseline, writeNewBaseline } from './new-baseline.ts';
import { addConfigOption, readInput } from './options.ts';
import { addOutOption, addOutputOptions, type OutputFlags, say } from './output.ts';
import { readingProgress } from './reading-progress.ts';
import { asSaid, readOutput } from './run-output.ts';
import { writtenLines } from './written-lines.ts';

export const judgeCommand: CommandRow = {
  name: 'judge',
  about: 'judge a capture again; the same capture gives the same report',
  examples: [
    'hopcheck judge run.capture --report html=out.html',
    'hopcheck judge run.capture --baseline before.json --fail-on new',
  ],
  define(command, context, done) {
    const { io } = context;
    command.argument('<capture>', 'a file written by hopcheck run --capture, packed or not; - for standard input');
    addConfigOption(command);
    addOutputOptions(command);
    addOutOption(command);
    command.action(async (path: string, given: OutputFlags & { readonly out?: string }) => {
      const input = await readInput(given, context);
      const policy = resolvePolicy(input);
      const own = { [resolve(io.cwd, path)]: 'the capture' };
      const output = readOutput(given, input, io.cwd, { own, ...(given.out !== undefined && { out: given.out }) });
      const { flags, deliveries, newBaseline, said } = output;
      asSaid(said, () => {
        checkDeliveries(deliveries);
        checkNewBaseline(newBaseline);
      });
      using ending = endingOf(context, 'the part that was read is judged');
      const read = await readTold(path, context, ending.signal, flags.quiet === true);
      const judged =
        typeof read === 'string' && isContractCapture(read)
          ? judgeContract(decodeContract(read, path))
          : judge(typeof read === 'string' ? decode(read, path) : read, { detail: hasPictures(deliveries) });
      checkBaselineOf(judged, policy);
      const report = renderReport(applyPolicy(judged, policy));
      for (const line of unmetSelectionLines(report)) say(io.stderr, line);
      const delivered = deliver(report, deliveries, io, flags);
      const complete = writeNewBaseline(report, newBaseline, io) && delivered;
      if (!flags.quiet) for (const line of writtenLines(output, io)) io.stderr.write(`${line}\n`);
      done(exitCodeOf(report, io, complete, ending.exitCode));
    });
  },
};

/** @throws CaptureError that says what the file is, where it is one that people take for a capture. */
function decode(text: string, given: string): Capture {
  try {
    return decodeCapture(text, given);
  } catch (error) {
    const instead = whatElse(text, given);
    if (!(error instanceof CaptureError) || instead === undefined) throw error;
    throw new CaptureError(`${given} is not a capture but ${instead}`, { cause: error });
  }
}

function whatElse(text: string, given: string): string | undefined {
  try {
    const documents = jsonDocuments(text, given);
    const [first] = documents;
    if (
      typeof first === 'object' &&
      first !== null &&
      'schema' in first &&
      /^hopcheck\/report@/.test(String(first.schema))
    )
      return 'a report made from one; a capture is what hopcheck run --capture FILE writes';
    if (tracesOf(documents, given) === undefined) return undefined;
  } catch {
    return undefined;
  }
  return `traces saved from a trace backend: hopcheck import ${given} --judge`;
}

/** Captures up to this size are read at once; of larger ones some mebibytes are held as text. */
const WHOLE_BYTES = 64 * 2 ** 20;

/** Reads it, and shows how far it is. */
async function readTold(
  path: string,
  context: CommandContext,
  signal: AbortSignal,
  quiet: boolean,
): Promise<string | Capture> {
  const { io } = context;
  const place = resolve(io.cwd, path);
  const stat = path === '-' ? undefined : statSync(place, { throwIfNoEntry: false });
  const isLarge = stat?.isFile() === true && stat.size > WHOLE_BYTES;
  const source = openBytes(place, path === '-' ? io.stdin?.() : undefined, !isLarge);
  using progress = readingProgress(context, quiet);
  return await readCapture(source, path, { signal, isLarge, told: () => progress.told(source.position(), stat?.size) });
}

/** @returns its text, or, where it is too large for that, what is in it. @throws CaptureError */
async function readCapture(
  { chunks }: ByteSource,
  given: string,
  { signal, isLarge, told }: { readonly signal: AbortSignal; readonly isLarge: boolean; readonly told: () => void },
): Promise<string | Capture> {
  const first: Buffer[] = [];
  let bytes = 0;
  const workers = new PieceWorkers();
  const open = () => {
    keepHeapSmall();
    return new CaptureLines(given, { workers });
  };
  let lines = isLarge ? open() : undefined;
  try {
    for await (const chunk of chunks) {
      told();
      if (lines !== undefined) await lines.push(chunk);
      else {
        first.push(chunk);
        bytes += chunk.length;
        if (bytes > WHOLE_BYTES) {
          lines = open();
          for (const early of first.splice(0)) await lines.push(early);
        }
      }
      if (signal.aborted) break;
    }
    return (await lines?.end()) ?? Buffer.concat(first).toString('utf8');
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CaptureError(`${given} cannot be read (${why}); expected a file written by hopcheck run --capture FILE`, {
      cause: error,
    });
  } finally {
    await workers.stop();
  }
}
