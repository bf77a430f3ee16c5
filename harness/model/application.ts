/**
 * What is tested, as data (docs/architecture.md#application-as-data). The harness knows no service by name: everything
 * it expects is here.
 */
export interface Application {
  readonly name: string;
  /** The request every probe makes. */
  readonly request: { readonly method: 'GET'; readonly path: string };
  /** Short name of the service whose proxy is the ingress gateway. */
  readonly gateway: string;
  /** The service the gateway calls. */
  readonly entry: string;
  readonly services: readonly ServiceDefinition[];
  /** Every call the application makes behind the gateway; anything else is unexpected. */
  readonly calls: readonly Call[];
  /** The service whose versions take turns; absent when no service has several. */
  readonly versioned?: VersionedService;
  /** The longest time any service waits for one it calls, ms: a span that ended without an answer may be followed that much later. */
  readonly longestUpstreamTimeoutMs: number;
  /** Commands that put it into a cluster, for messages. */
  readonly install?: { readonly workloads: string; readonly routes: string };
}

export interface ServiceDefinition {
  readonly name: string;
  /** Versions that exist; absent: not told apart. */
  readonly versions?: readonly string[];
}

export interface Call {
  readonly caller: string;
  readonly callee: string;
  /** Only these versions of the caller make the call; absent: all do. */
  readonly whenCallerVersion?: readonly string[];
  /** How often the caller tries: 2 = one retry of its own is legal. Default 1. */
  readonly attempts?: number;
}

export interface VersionedService {
  readonly service: string;
  /** Weight by version, any unit. `assumed`: nobody configured it, so being off is a warning. */
  readonly shares: Readonly<Record<string, number>>;
}

/** What an application's reader found in an answer. */
export interface PageFacts {
  /** The page is one of this application's, with all its marks, and its body arrived completely. */
  readonly whole: boolean;
  /** What a page that is not whole lacks, in words: `its title`. */
  readonly lacks?: string;
  /** Version of the versioned service that made the page, when the page tells. */
  readonly version?: string;
  /** Pod of that service, when the page names it. */
  readonly pod?: string;
  /** How the version was known: `pod name`, `star colour`, … */
  readonly versionFrom?: string;
  /** Error messages shown inside a page with status 200. */
  readonly banners: readonly Banner[];
}

export interface Banner {
  readonly text: string;
  /** The service it says is unavailable. */
  readonly service: string;
}

/** Turns an answer whose body arrived completely into facts; pure, and never throws. */
export type Reader = (answer: { readonly status: number; readonly body: string }) => PageFacts;

/** An application together with its reader; only what is data goes into the capture. */
export interface ReadableApplication {
  readonly definition: Application;
  readonly read: Reader;
}

/** The calls a workload makes: `version` undefined means that the version is not known, and then only unconditional calls count. */
export function callsFrom(application: Application, caller: string, version: string | undefined): readonly Call[] {
  return application.calls.filter(
    (call) =>
      call.caller === caller &&
      (call.whenCallerVersion === undefined || (version !== undefined && call.whenCallerVersion.includes(version))),
  );
}

/** True where a call of `caller` depends on a version that is not known, so that it can be neither demanded nor forbidden. */
export function dependsOnVersion(application: Application, caller: string): boolean {
  return application.calls.some((call) => call.caller === caller && call.whenCallerVersion !== undefined);
}
