import type { Command } from 'commander';
import type { ReadableApplication } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import type { Plan } from '../model/exchange.ts';
import type { Io } from './io.ts';

/** What every command gets: the world, the application it is about, the probes of a run, and the time. */
export interface CommandContext {
  readonly io: Io;
  readonly application: ReadableApplication;
  readonly plan: Plan;
  readonly clock: Clock;
}

/** One command, as a row of the table in commands.ts: help, examples and completion follow from it. */
export interface CommandRow {
  readonly name: string;
  /** In the list of commands and above its own help. */
  readonly about: string;
  /** At least one; shown below its help, the shortest also after wrong usage. */
  readonly examples: readonly string[];
  /**
   * Adds arguments, options and the action.
   * @param done takes the exit code, once.
   */
  define(command: Command, context: CommandContext, done: (exitCode: number) => void): void;
}
