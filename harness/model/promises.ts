/** Groups of promises and codes, for --only and --skip. No tag is the name of a promise. */
export const TAGS = {
  smoke: 'a page comes back and leaves a whole trace',
  context: 'the trace context and its decisions survive every hop',
  statistics: 'what many probes are needed for',
} as const;

export type Tag = keyof typeof TAGS;

/**
 * Each has two titles: `title` says what holds when it passes, `failing` what is wrong when it does not. `tags` select promises and their codes in groups,
 * see {@link TAGS}.
 */
export const PROMISES = [
  {
    id: 'environment',
    title: 'the check was able to run',
    failing: 'the check was not able to run',
    tags: [],
  },
  {
    id: 'ingress',
    title: 'the ingress serves a whole page to every probe',
    failing: 'some probes do not get a whole page from the ingress',
    tags: ['smoke'],
  },
  {
    id: 'load-balancing',
    title: 'every version is served its share',
    failing: 'some versions are not served their share',
    tags: ['statistics'],
  },
  {
    id: 'trace-shape',
    title: 'every expected service and hop is in every trace, and nothing else',
    failing: 'some traces lack a service or hop, or have one that is not expected',
    tags: ['smoke', 'context'],
  },
  {
    id: 'parentage',
    title: 'every trace has one entry and every span its parent',
    failing: 'some spans have no parent, or a wrong one',
    tags: ['context'],
  },
  {
    id: 'propagation',
    title: 'every hop passes the trace context on',
    failing: 'some hops do not pass the trace context on',
    tags: ['context'],
  },
  {
    id: 'sampling',
    title: 'every sampling decision is honoured',
    failing: 'some sampling decisions are not honoured',
    tags: ['context'],
  },
] as const satisfies readonly { id: string; title: string; failing: string; tags: readonly Tag[] }[];

/** Judged where a sampling rate is configured (--sampling, the cluster); other reports do not have it. */
export const RATE_PROMISES = [
  {
    id: 'sampling-rate',
    title: 'the mesh traces the configured share of undecided requests',
    failing: 'the mesh does not trace the configured share of undecided requests',
    tags: ['statistics'],
  },
] as const satisfies readonly { id: string; title: string; failing: string; tags: readonly Tag[] }[];

/** Judged where the run read the cluster; other reports do not have it. */
export const CLUSTER_PROMISES = [
  {
    id: 'configuration',
    title: "the mesh's own configuration allows whole traces",
    failing: "the mesh's own configuration does not allow whole traces",
    tags: [],
  },
] as const;

/** Every promise there is, in the order of a report. */
export const ALL_PROMISES = [...PROMISES, ...RATE_PROMISES, ...CLUSTER_PROMISES] as const;

export type PromiseId = (typeof ALL_PROMISES)[number]['id'];

/** The promise that says most about what is wrong, first: a page that fails is worse than a link that is missing. */
export const TELLING_ORDER: readonly PromiseId[] = [
  // A root cause, where there is one.
  'configuration',
  'ingress',
  'propagation',
  'trace-shape',
  'parentage',
  'sampling',
  'sampling-rate',
  'load-balancing',
  'environment',
];
