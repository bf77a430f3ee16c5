#!/usr/bin/env node
import { DEFAULT_APPLICATION } from '../applications/default.ts';
import { makePlan } from '../probe/plan.ts';
import { systemClock } from '../system/system-clock.ts';
import { calledAs } from './called-as.ts';
import type { EndSignal, Io } from './io.ts';
import { main } from './main.ts';
import { standardStreams } from './standard-streams.ts';

const SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM'];

const io: Io = {
  ...standardStreams(process),
  stdin: () => process.stdin,
  env: process.env,
  cwd: workingFolder(),
  endNow: (exitCode) => process.exit(exitCode),
  called: calledAs(process.env),
  onSignal: (handler) => {
    for (const signal of SIGNALS) process.on(signal, handler);
    return () => {
      for (const signal of SIGNALS) process.off(signal, handler);
    };
  },
};

/** It may be gone: a folder can be removed under a shell. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write('the working folder is not there any more: expected one that exists, e.g. cd ~\n');
    process.exit(64);
  }
}

// Not process.exit: what is still being written to a pipe must arrive.
process.exitCode = await main(process.argv.slice(2), {
  io,
  application: DEFAULT_APPLICATION,
  plan: makePlan,
  clock: systemClock,
});
