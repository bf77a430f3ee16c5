#!/usr/bin/env node
/**
 * What `hopcheck` starts. It loads nothing before it knows that this Node can run the rest: a too old one gets one sentence
 * and exit 64 in place of an error from the middle of a dependency. `--version` alone needs nothing else either.
 */
import { accessSync, constants } from 'node:fs';
// All of it: a name that an old Node lacks would end it before the sentence.
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { HOPCHECK_VERSION } from '../system/version.ts';
import { tooOld } from './too-old.ts';

const refusal = tooOld(process.versions.node);
if (refusal !== undefined) {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 64;
} else if (process.argv.length === 3 && ['--version', '-V'].includes(process.argv[2] ?? '')) {
  process.stdout.write(`${HOPCHECK_VERSION}\n`);
} else {
  keepCompiled();
  await import('./bin.ts');
}

/**
 * Keeps what is compiled in the temporary folder, as npm and tsc do, so that a second start takes half the time of the first
 * (NODE_DISABLE_COMPILE_CACHE=1 turns it off). Only in a folder that can be written: of one below /proc Node 24.21 tries for ever.
 */
function keepCompiled(): void {
  try {
    accessSync(tmpdir(), constants.W_OK);
    nodeModule.enableCompileCache();
  } catch {
    // It only saves time.
  }
}
