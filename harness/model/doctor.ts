import type { ReportedCluster } from './reported-cluster.ts';
import type { Sensitivity } from './sensitivity.ts';

export const DOCTOR_SCHEMA = 'hopcheck/doctor@1';

/** - `ok` · `warning`: a run goes on and judges less · `failed`: a run could not decide · `unknown`: what it rests on is not there. */
export type PreconditionStatus = 'ok' | 'warning' | 'failed' | 'unknown';

/** A thing that a run needs, named by the sentence that is true when it holds. */
export interface Precondition {
  readonly id: string;
  readonly statement: string;
  readonly status: PreconditionStatus;
  readonly observed: string;
  /** What to do; absent where all is well. */
  readonly fix?: string;
}

/** What `hopcheck doctor` found; a run may be tried when nothing failed. */
export interface Diagnosis {
  readonly schema: typeof DOCTOR_SCHEMA;
  readonly ready: boolean;
  readonly exitCode: 0 | 2;
  readonly ingress: string;
  readonly traceBackend: string;
  /** With `--kube`. */
  readonly cluster?: Omit<ReportedCluster, 'steps'>;
  readonly preconditions: readonly Precondition[];
  /** What a run with these options could find; absent where none is possible. */
  readonly reach?: Sensitivity;
  /** The command to go on with: the run, or this command again once what failed is fixed. */
  readonly next?: string;
}
