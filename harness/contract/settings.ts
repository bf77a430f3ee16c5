import type { ContractProtocol, ServiceKind } from '../model/contract.ts';
import type { Answers } from './stub/answers.ts';
import type { GrpcAnswers } from './stub/grpc.ts';

/** One service, what it calls, and what it is held to: all checked, with defaults. */
export interface ContractSettings {
  readonly service: {
    readonly name: string;
    /** http: also for h2c and gRPC. */
    readonly url: URL;
    readonly protocol: ContractProtocol;
    readonly method: string;
    readonly body?: Uint8Array;
    /** For the service alone; secrets. */
    readonly headers: readonly (readonly [string, string])[];
  };
  /** Port 0: any that is free. */
  readonly upstreams: readonly { readonly name: string; readonly host: string; readonly port: number }[];
  /** Absent: the service is there. */
  readonly start?: { readonly words: readonly string[]; readonly line: string; readonly shell: boolean };
  /** With placeholders. */
  readonly env: Readonly<Record<string, string>>;
  readonly required: readonly string[];
  readonly watched: readonly string[];
  readonly expect?: ServiceKind;
  readonly answers: Answers;
  readonly grpcAnswers: GrpcAnswers;
  /** Where hopcheck takes spans; absent: nowhere. */
  readonly otlp?: { readonly host: string; readonly port: number };
  readonly timeoutMs: number;
  readonly startTimeoutMs: number;
  /** How long an upstream stays silent in the time-out case; 0: there is no such case. */
  readonly holdMs: number;
  /** Requests of the isolation test; 0: there is none. */
  readonly isolation: number;
  readonly inFlight: number;
  readonly cwd: string;
  /** How long no call must have come before a request is over, ms; default 150. */
  readonly quietMs?: number;
}
