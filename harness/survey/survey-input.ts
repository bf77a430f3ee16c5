import type { CapturePart } from '../capture/part.ts';
import type { Settings } from '../config/settings.ts';
import type { HttpClient } from '../http/http.ts';
import type { ReadableApplication } from '../model/application.ts';
import type { Capture, Expectations, Incident } from '../model/capture.ts';
import type { Clock } from '../model/clock.ts';
import type { ClusterFacts } from '../model/cluster.ts';
import type { PlannedProbe } from '../model/exchange.ts';
import type { MeshChange } from '../model/mesh-change.ts';
import type { ProgressEvent } from '../model/progress.ts';
import type { RandomHex } from '../model/random-ids.ts';

export interface SurveyInput {
  readonly settings: Settings;
  readonly application: ReadableApplication;
  readonly plan: readonly PlannedProbe[];
  /** Whether the second stage of the plan is sent, by what the first one collected. Default: it is not. */
  readonly wantsMore?: (collected: Capture) => boolean;
  /** Which part of the plan is sent; absent: all of it. */
  readonly part?: { readonly index: number; readonly of: number };
  /** Name of the target, for the judge of several. */
  readonly target?: string;
  readonly clock: Clock;
  readonly http: { readonly ingress: HttpClient; readonly traceBackend: HttpClient };
  /** Default: the operating system's. */
  readonly random?: RandomHex;
  /** The objects read from the cluster; absent: no cluster was read. */
  readonly cluster?: SurveyedCluster;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Gets each part as soon as it is known, so that a killed run leaves a file. */
  readonly onPart?: (part: CapturePart) => void;
  readonly signal: AbortSignal;
}

export interface SurveyedCluster {
  readonly facts: ClusterFacts;
  readonly expectations: Pick<Expectations, 'gatewayProfile' | 'gateway' | 'loadBalancing' | 'excuses'>;
  /** Why no run is possible. */
  readonly stopped?: Incident;
  /** Reads the cluster again: what is another now; undefined: it could not be read. */
  readonly changesSince?: () => Promise<readonly MeshChange[] | undefined>;
}
