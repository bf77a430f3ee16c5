import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CaptureError } from '../capture/capture-error.ts';
import { decodeCapture } from '../capture/decode.ts';
import { resolvePolicy } from '../config/policy.ts';
import { judge } from '../judge/judge.ts';
import { applyPolicy } from '../judge/policy.ts';
import { deliver, parseDeliveries } from './deliver.ts';
import type { Io } from './io.ts';
import { addConfigOption, readInput } from './options.ts';
import { addOutputOptions, type OutputFlags } from './output.ts';

export function addJudgeCommand(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = program.command('judge').description('judge a capture again; the same capture gives the same report');
  command.argument('<capture>', 'a file written by hopcheck run --capture');
  addConfigOption(command);
  addOutputOptions(command);
  command.action(async (path: string, flags: OutputFlags) => {
    const policy = resolvePolicy(await readInput(flags, io));
    const deliveries = parseDeliveries(flags.report, io.cwd);
    const capture = decodeCapture(readCapture(resolve(io.cwd, path), path), path);
    const report = applyPolicy(judge(capture, { detail: true }), policy);
    const complete = deliver(report, deliveries, io, flags);
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
