import { codesCommand } from './codes.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { configCommand } from './config-command.ts';
import type { CommandRow } from './context.ts';
import { contractCommand } from './contract.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { fleetCommand } from './fleet.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { judgeCommand } from './judge.ts';
import { demoCommand } from './lab/demo.ts';
import { labCommand } from './lab/lab.ts';
import { learnCommand } from './learn.ts';
import { mergeCommand } from './merge.ts';
import { probeCommand } from './probe.ts';
import { runCommand } from './run.ts';
import { watchCommand } from './watch.ts';

/** Every command of hopcheck, in the order of its help. */
export const COMMANDS: readonly CommandRow[] = [
  runCommand,
  judgeCommand,
  mergeCommand,
  fleetCommand,
  importCommand,
  watchCommand,
  compareCommand,
  learnCommand,
  doctorCommand,
  probeCommand,
  initCommand,
  contractCommand,
  configCommand,
  codesCommand,
  explainCommand,
  completionCommand,
  labCommand,
  demoCommand,
];
