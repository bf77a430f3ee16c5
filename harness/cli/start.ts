#!/usr/bin/env node
/**
 * What `hopcheck` starts. It loads nothing before it knows that this Node can run the rest: a too old one gets one sentence
 * and exit 64 in place of an error from the middle of a dependency. `--version` alone needs nothing else either.
 */
import { HOPCHECK_VERSION } from '../system/version.ts';
import { tooOld } from './too-old.ts';

const refusal = tooOld(process.versions.node);
if (refusal !== undefined) {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 64;
} else if (process.argv.length === 3 && ['--version', '-V'].includes(process.argv[2] ?? '')) {
  process.stdout.write(`${HOPCHECK_VERSION}\n`);
} else {
  await import('./bin.ts');
}
