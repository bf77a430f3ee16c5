import type { HttpClient } from '../http/http.ts';
import type { Clock } from '../model/clock.ts';
import type { BALANCINGS, DRIVERS, ENGINES, REAL_JAEGERS, ZIPKIN } from '../model/lab.ts';
import type { Fault } from './faults.ts';
import type { Handler, Headers, WireRequest, WireResponse } from './wire.ts';

export type Engine = (typeof ENGINES)[number];
export type Driver = (typeof DRIVERS)[number];
export type RealJaegerVersion = (typeof REAL_JAEGERS)[number];

/**
 * What the stand-in can be besides: 2.21 without the legacy API and with a v3 search by attribute; SLS behind Jaeger 1.x
 * (tags are text, an empty trace for an unknown id, traces cut at 1 000 spans, lag); Elasticsearch (tag values are
 * patterns, and what is written is seen after a refresh). Source: docs/facts/jaeger.md#legacy-api, #v3-versions, #sls.
 * `zipkin` is Zipkin in Jaeger's place, of the stand-in and the envoy engine, with the Zipkin driver
 * (docs/facts/zipkin.md). `tempo` is Tempo in Jaeger's place, from its documentation (docs/facts/jaeger.md#tempo).
 */
export type JaegerVersion = RealJaegerVersion | typeof ZIPKIN | '2.21' | 'sls' | 'elasticsearch' | 'tempo';
export type LoadBalancing = (typeof BALANCINGS)[number];

/** One workload of a lab application: a service's version, with its server code. */
export interface LabWorkload {
  readonly service: string;
  readonly version: string;
  /** Pods; default 1. */
  readonly replicas?: number;
  /** `false`: its pods have none, and leave no spans. Default: they have one. */
  readonly sidecar?: false;
  /** It is a host outside of the mesh, by its full name. */
  readonly external?: true;
  /** Its pods are gateways: they take each caller for one from outside, and replace x-request-id. */
  readonly edge?: true;
  /** Its pods speak gRPC, and answer with one message or a stream of them (envoy only); absent: HTTP. */
  readonly grpc?: 'unary' | 'stream';
  /** Makes the server of one pod. */
  readonly app: (context: AppContext) => Handler;
}

export interface AppCall {
  /** The request this call is made for: header faults need to know what came in. */
  readonly inbound: WireRequest;
  readonly service: string;
  readonly path: string;
  readonly headers: Headers;
  readonly timeoutMs: number;
}

/** What a lab application's server gets: its identity, the clock, and a way to call other services through its own sidecar. */
export interface AppContext {
  readonly service: string;
  readonly version: string;
  readonly pod: string;
  readonly clock: Clock;
  /** GET through this pod's sidecar; rejects when no answer came in time or the signal aborts. */
  call(call: AppCall, signal: AbortSignal): Promise<WireResponse>;
}

export interface LabRoute {
  readonly path: string;
  readonly service: string;
}

/** An application the lab can run: Bookinfo, or a second one. */
export interface LabApplication {
  readonly name: string;
  readonly gateway: string;
  readonly entry: string;
  /** Path that the gateway routes exactly. */
  readonly path: string;
  /** The gateway's routes, each an exact path without its query. Absent: `path` alone, to the entry. */
  readonly routes?: readonly LabRoute[];
  readonly workloads: readonly LabWorkload[];
  /** Routes that split a service's traffic: service → version → weight. A fault `pin` or `weights` replaces one. Absent: none. */
  readonly weights?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface LabOptions {
  readonly engine: Engine;
  readonly application: LabApplication;
  readonly faults: readonly Fault[];
  readonly driver: Driver;
  readonly jaeger: JaegerVersion;
  /** e.g. `/jaeger`; empty: none. */
  readonly basePath: string;
  readonly gatewayProfile: 1 | 2;
  readonly lb: LoadBalancing;
  /** Envoy worker threads per proxy. */
  readonly workers: number;
  /**
   * Applications trace by themselves, with an OpenTelemetry SDK between the spans of their proxy (stand-in and envoy);
   * default: they copy headers.
   */
  readonly ownTracer?: boolean;
  /** Of the ingress; the trace backend is at the next one (stand-in only). Default: free ones. */
  readonly port?: number;
  /** Percent of undecided requests traced. */
  readonly sampling: number;
  /** Envoy's: 5 spans or 5 000 ms, per worker. */
  readonly flush: { readonly minSpans: number; readonly intervalMs: number };
  /** Requests per second of another client through the same gateway; 0 = none. */
  readonly foreignRate: number;
  readonly sharedSpanContext: boolean;
  /**
   * `istio-1.0`: as old meshes were (stand-in only): shared span ids, one gateway span, no namespace in service names, no
   * istio.* tags, and applications that do not forward the user agent (docs/architecture.md#rule-5, #the-lab).
   */
  readonly mesh: 'istio' | 'istio-1.0';
  /**
   * How the service names of processes are made (stand-in only): `istio`: `reviews.default`; `conventions`: as with
   * serviceAttributeEnrichment OTEL_SEMANTIC_CONVENTIONS, `reviews-v1`, and `istio` for the gateway.
   */
  readonly serviceNames: 'istio' | 'conventions';
  /** Istio's five tags on every span, as with enableIstioTags (stand-in only). */
  readonly istioTags: boolean;
  /**
   * The names of tags (stand-in only): Envoy's, or for those that have one in OpenTelemetry's semantic conventions that one
   * alone (docs/facts/envoy.md#tag-names). Default: Envoy's.
   */
  readonly tagNames?: 'envoy' | 'conventions';
  /** Services whose workloads are labelled otherwise than their Service: its name → the label's (stand-in only). */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of the application (stand-in only). */
  readonly namespace: string;
  /** Default: the application's, in istio-system (stand-in only). */
  readonly gateway?: { readonly name: string; readonly namespace: string };
  /** Seeds every draw: the same seed and a simulated clock give the same run. */
  readonly seed: number;
  /** Only the stand-in obeys it; real sockets need the real one. */
  readonly clock: Clock;
  /** `memory`: no sockets, for a simulated clock (stand-in only). */
  readonly network: 'loopback' | 'memory';
  /**
   * Called when an application gives up a call because the answer is late. In a lab without faults the machine is too busy
   * then, and the mesh is not healthy (stand-in and envoy).
   */
  readonly gaveUp?: (caller: string, callee: string) => void;
}

/** A mesh that is up. */
export interface Lab extends AsyncDisposable {
  readonly options: LabOptions;
  /** `http://127.0.0.1:PORT` */
  readonly ingressUrl: string;
  /** With base path. */
  readonly jaegerUrl: string;
  /** For `network: 'memory'`: the client that reaches both URLs. */
  readonly http?: HttpClient;
  /** Requests each application received, newest last. */
  readonly received: readonly ReceivedRequest[];
  /** Takes everything down; nothing is left running. Idempotent. */
  stop(): Promise<void>;
}

export interface ReceivedRequest {
  readonly service: string;
  readonly version: string;
  readonly pod: string;
  readonly request: WireRequest;
}
