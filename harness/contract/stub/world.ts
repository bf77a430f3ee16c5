import type { Clock } from '../../model/clock.ts';
import type { AnswerRule } from './answers.ts';
import type { GrpcAnswers } from './grpc.ts';
import type { CallRecorder } from './recorder.ts';

/** What a stub is made of. */
export interface StubOptions {
  readonly name: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly rules: readonly AnswerRule[];
  readonly grpc: GrpcAnswers;
  readonly recorder: CallRecorder;
  readonly clock: Clock;
  /** How long a call is left without an answer at most, ms. */
  readonly holdMs: number;
}

/** What the servers of the two protocols share. */
export interface StubWorld extends StubOptions {
  /** Id of a connection, and how many calls it has carried; counts this one. */
  connectionOf(socket: object): { readonly connection: number; readonly before: number };
  /** Ends what is left open when the stub closes. */
  readonly signal: AbortSignal;
}
