/** Groups of promises and codes, for --only and --skip. No tag is the name of a promise. */
export const TAGS = {
  smoke: 'a page comes back and leaves a whole trace',
  context: 'the trace context and its decisions survive every hop',
  statistics: 'what many probes are needed for',
} as const;

export type Tag = keyof typeof TAGS;

/** Each is named by what holds when it passes. `tags` select promises and their codes in groups, see {@link TAGS}. */
export const PROMISES = [
  { id: 'environment', title: 'the run could decide', tags: [] },
  { id: 'ingress', title: 'the ingress serves a whole page to every probe', tags: ['smoke'] },
  { id: 'load-balancing', title: 'every version is served its share', tags: ['statistics'] },
  {
    id: 'trace-shape',
    title: 'every expected service and hop is in every trace, and nothing else',
    tags: ['smoke', 'context'],
  },
  { id: 'parentage', title: 'every trace has one entry and every span its parent', tags: ['context'] },
  { id: 'propagation', title: 'every hop passes the trace context on', tags: ['context'] },
  { id: 'sampling', title: 'every sampling decision is honoured', tags: ['context'] },
] as const satisfies readonly { id: string; title: string; tags: readonly Tag[] }[];

/** Judged where somebody says the sampling rate (--sampling, the cluster), and else in no report: there is nothing to hold. */
export const RATE_PROMISES = [
  {
    id: 'sampling-rate',
    title: 'the mesh traces the configured share of undecided requests',
    tags: ['statistics'],
  },
] as const satisfies readonly { id: string; title: string; tags: readonly Tag[] }[];

/** Judged where the run read the cluster, and else in no report: without it there is nothing to say. */
export const CLUSTER_PROMISES = [
  { id: 'configuration', title: "the mesh's own configuration allows whole traces", tags: [] },
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
