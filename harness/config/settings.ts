import type { ConfiguredOption, Sourced } from '../model/capture.ts';
import type { ContextFormat } from '../model/exchange.ts';
import type { Proxies } from '../model/proxies.ts';

/** What the PEM files of a client certificate hold, for `tls.connect`. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Where a server is and how to be let in. */
export interface Server {
  /** Without userinfo: that has become basic auth in `headers`. */
  readonly url: URL;
  /** Every extra header to send, `authorization` included. Values are secrets: they never leave the process but to the server. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** How each of those headers is written where a person sees it, e.g. `$HOPCHECK_INGRESS_HEADER_1`; same order. */
  readonly placeholders: readonly string[];
  /** PEM text. */
  readonly ca?: string;
  readonly insecure: boolean;
  /** Client certificate and its private key, PEM text. */
  readonly certificate?: ClientCertificate;
  /** For SNI and the certificate, where it is neither the Host header's nor the URL's name. */
  readonly sni?: string;
  /** Dialled in place of the URL's host. */
  readonly address?: string;
  readonly proxies?: Proxies;
}

/** What a run needs to know: all options parsed, checked and with defaults, ready to use. Frozen. */
export interface Settings {
  /** `host`: the Host header, where it is not the URL's. */
  readonly ingress: Server & { readonly host?: string };
  readonly traceBackend: Server;
  readonly format: Sourced<'auto' | ContextFormat>;
  readonly gatewayProfile: Sourced<'auto' | 1 | 2>;
  /** Of the application's versioned service; checked against the application by the caller. */
  readonly shares?: Sourced<{ readonly service: string; readonly weights: Readonly<Record<string, number>> }>;
  /** Points; see Expectations.shareTolerance. */
  readonly shareTolerance?: Sourced<number>;
  /** Only where the run is exclusive; see Expectations.rotatingWorkers. */
  readonly rotatingWorkers?: Sourced<number>;
  /** Percent; see Expectations.samplingPercent. */
  readonly sampling?: Sourced<number>;
  /** Forced-on probes; the plan adds the others. */
  readonly probes: number;
  /** Forced-on probes of a second stage, where a limit is not decided; absent: there is none. */
  readonly confirm?: number;
  /** Undecided probes; absent: as the plan likes. */
  readonly undecided?: number;
  /** Probes sent per second at most; where it adapts, at the start. */
  readonly rate: number;
  /** The rate rises while the ingress answers as at the start. Default: it stays. */
  readonly adaptsRate?: true;
  /** Probes under way at most. */
  readonly concurrency: number;
  /** One request's time, ms. */
  readonly timeoutMs: number;
  /** From the last answer to giving up on settling, ms. */
  readonly settleTimeoutMs: number;
  /** From the start of the run to ending it, ms; what was collected then is judged as interrupted. */
  readonly totalTimeoutMs: number;
  /** How long to wait, before the run, until its preconditions hold, ms; absent: not at all. */
  readonly waitMs?: number;
  readonly flushMs: Sourced<number>;
  /** Largest answer read, bytes. */
  readonly maxBodyBytes: number;
  readonly services?: Sourced<Readonly<Record<string, string>>>;
  /** Every option as text, with its source; secrets as placeholders. Goes into the capture. */
  readonly configuration: readonly ConfiguredOption[];
}
