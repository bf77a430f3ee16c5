import { resolve } from 'node:path';
import { resolvePolicy } from '../config/policy.ts';
import { captureFile } from './capture-files.ts';
import { checkOut } from './check-place.ts';
import type { CommandRow } from './context.ts';
import { checkDeliveries } from './deliver.ts';
import { mergeAndReport } from './merge-report.ts';
import { checkNewBaseline } from './new-baseline.ts';
import { addConfigOption, readInput } from './options.ts';
import { addOutputOptions, type OutputFlags } from './output.ts';
import { asSaid, readOutput } from './run-output.ts';

interface MergeFlags extends OutputFlags {
  readonly out?: string;
}

export const mergeCommand: CommandRow = {
  name: 'merge',
  about: 'judge captures together: the parts of one run (run --shard), and many targets',
  examples: [
    'hopcheck merge shop.1.capture shop.2.capture',
    'hopcheck merge captures/* --out hopcheck-fleet --report json=fleet.json',
  ],
  define(command, context, done) {
    const { io } = context;
    command.argument('<captures...>', 'files written by hopcheck run --capture, also packed with gzip');
    addConfigOption(command);
    addOutputOptions(command);
    command.option(
      '--out <folder>',
      'of several targets: write a page of all, and the report of each, into this folder',
    );
    command.action(async (paths: readonly string[], given: MergeFlags) => {
      const input = await readInput(given, context);
      const policy = resolvePolicy(input);
      const own = Object.fromEntries(paths.map((path) => [resolve(io.cwd, path), 'a capture']));
      const output = readOutput(given, input, io.cwd, { own });
      asSaid(output.said, () => {
        checkDeliveries(output.deliveries);
        checkOut(given.out, io.cwd);
        checkNewBaseline(output.newBaseline);
      });
      const sources = [...new Set(paths)].map((path) => captureFile(path, io.cwd));
      const folder = given.out === undefined ? {} : { folder: resolve(io.cwd, given.out) };
      done(mergeAndReport({ sources, policy, output, ...folder }, io));
    });
  },
};
