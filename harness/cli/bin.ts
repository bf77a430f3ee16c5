#!/usr/bin/env node
import type { EndSignal, Io } from './io.ts';
import { main } from './main.ts';

const SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM'];

const io: Io = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  env: process.env,
  cwd: process.cwd(),
  onSignal: (handler) => {
    for (const signal of SIGNALS) process.on(signal, handler);
    return () => {
      for (const signal of SIGNALS) process.off(signal, handler);
    };
  },
};

// Not process.exit: what is still being written to a pipe must arrive.
process.exitCode = await main(process.argv.slice(2), io);

function output(stream: NodeJS.WriteStream): Io['stdout'] {
  // A reader that goes (`| head`) is no reason to fail.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => stream.write(text),
    isTTY: stream.isTTY === true,
    ...(stream.columns !== undefined && { columns: stream.columns }),
  };
}
