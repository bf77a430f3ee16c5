import { z } from 'zod';
import { type Data, open } from './schema.ts';

/** Weight by version, any unit. */
export const weightsSchema = z.record(z.string(), z.number().nonnegative());

const callSchema = open({
  caller: z.string(),
  callee: z.string(),
  /** Only these versions of the caller make the call; absent: all do. */
  whenCallerVersion: z.array(z.string()).exactOptional(),
  /** How often the caller tries: 2 = one retry of its own is legal. Default 1. */
  attempts: z.number().exactOptional(),
});

export interface Call extends Data<typeof callSchema> {}

export const applicationSchema = open({
  name: z.string(),
  /** The request every probe makes. */
  request: open({ method: z.literal('GET'), path: z.string() }),
  /** Short name of the service whose proxy is the ingress gateway. */
  gateway: z.string(),
  /** The service the gateway calls. */
  entry: z.string(),
  /** `versions`: those that exist; absent: not told apart. */
  services: z.array(open({ name: z.string(), versions: z.array(z.string()).exactOptional() })),
  /** Every call the application makes behind the gateway; anything else is unexpected. */
  calls: z.array(callSchema),
  /**
   * The service whose versions take turns; absent when no service has several. Where its shares are `assumed`, nobody
   * configured them, so being off is a warning.
   */
  versioned: open({ service: z.string(), shares: weightsSchema }).exactOptional(),
  /** The longest time any service waits for one it calls, ms: a span that ended without an answer may be followed that much later. */
  longestUpstreamTimeoutMs: z.number(),
  /** Commands that put it into a cluster, for messages. */
  install: open({ workloads: z.string(), routes: z.string() }).exactOptional(),
});

/**
 * What is tested, as data (docs/architecture.md#application-as-data). The harness knows no service by name: everything
 * it expects is here.
 */
export interface Application extends Data<typeof applicationSchema> {}

const bannerSchema = open({
  text: z.string(),
  /** The service it says is unavailable. */
  service: z.string(),
});

/** An error message shown inside a page with status 200. */
export interface Banner extends Data<typeof bannerSchema> {}

export const pageFactsSchema = open({
  /** The page is one of this application's, with all its marks, and its body arrived completely. */
  whole: z.boolean(),
  /** What a page that is not whole lacks, in words: `its title`. */
  lacks: z.string().exactOptional(),
  /** Version of the versioned service that made the page, when the page tells. */
  version: z.string().exactOptional(),
  /** Pod of that service, when the page names it. */
  pod: z.string().exactOptional(),
  /** How the version was known: `pod name`, `star colour`, … */
  versionFrom: z.string().exactOptional(),
  banners: z.array(bannerSchema),
});

/** What an application's reader found in an answer. */
export interface PageFacts extends Data<typeof pageFactsSchema> {}

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
