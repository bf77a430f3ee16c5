import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CaptureError } from '../capture/capture-error.ts';
import { decodeCapture } from '../capture/decode.ts';
import { judge } from '../judge/judge.ts';
import { deliver, parseDeliveries } from './deliver.ts';
import { applyFailOn } from './fail-on.ts';
import type { Io } from './io.ts';
import { addOutputOptions, type OutputFlags } from './run.ts';

export function addJudgeCommand(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = program.command('judge').description('judge a capture again; the same capture gives the same report');
  command.argument('<capture>', 'a file written by hopcheck run --capture');
  addOutputOptions(command);
  command.action((path: string, flags: OutputFlags) => {
    const deliveries = parseDeliveries(flags.report, io.cwd);
    const capture = decodeCapture(readCapture(resolve(io.cwd, path), path), path);
    const report = applyFailOn(judge(capture, { detail: true }), flags.failOn);
    const complete = deliver(report, deliveries, io, flags.color);
    done(report.exitCode === 0 && !complete ? 2 : report.exitCode);
  });
}

function readCapture(path: string, given: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CaptureError(`${given} cannot be read (${why}); expected a file written by hopcheck run --capture FILE`, {
      cause: error,
    });
  }
}
