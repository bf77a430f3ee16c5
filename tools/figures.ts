import { CALLS_BESIDE, CALLS_PER_PROBE, callAllowance } from '../harness/model/limits.ts';

/** The figures to reach: docs/architecture.md#figures-to-reach is made from them, and npm run bench measures them. */
export const TARGETS = {
  /** `npm start` on two cores: the whole run, and CPU time, s. */
  startS: 15,
  startCpuS: 2,
  afterEvidenceS: 1,
  /** A run, from preflight to its report, as a ratio to what it has to wait: traffic + flush + margin + this, ms. */
  runRatio: 1.05,
  runOwnMs: 200,
  /** And this more where something is broken, ms. */
  runBrokenMs: 2000,
  /** Read and judge so many spans, as a ratio to `JSON.parse` of the same bytes. */
  spans: 100_000,
  readAndJudge: 3,
  /** Import and judge a dump of 1 GiB, as a ratio to `JSON.parse` trace by trace; resident at most, MiB. */
  dumpAndJudge: 1.5,
  dumpMiB: 400,
  backendCalls: callAllowance,
  /** Healthy runs without a false alarm, by engine. */
  healthyRuns: { standin: 1000, envoy: 50 },
  /** An HTML report as large as one may be: everything is at hand after, ms. */
  reportReadyMs: 2000,
  /** Twenty headers and two upstreams in contract mode, without the service's start and the time-out case, s. */
  contractS: 5,
  /** Its 200 requests with 32 in flight, s. */
  isolationS: 2,
  contractMiB: 150,
} as const;

const inThousands = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ' ');

export function figuresTable(): string {
  const {
    startS,
    startCpuS,
    afterEvidenceS,
    runRatio,
    runOwnMs,
    runBrokenMs,
    spans,
    readAndJudge,
    healthyRuns,
    reportReadyMs,
    contractS,
    isolationS,
  } = TARGETS;
  const rows = [
    ['figure', 'target'],
    ['---', '---'],
    [
      "`npm start` after install, 2 cores: lab up, plan driven with Envoy's flush, judged, written",
      `≤ ${startS} s, of which ours ≤ ${startCpuS} s`,
    ],
    ['after the last evidence that is needed', `≤ ${afterEvidenceS} s of ours`],
    [
      'a run on the embedded lab, from preflight to its report',
      `≤ ${runRatio} × (traffic + flush + margin + ${runOwnMs / 1000} s); ${runBrokenMs / 1000} s more where something is broken`,
    ],
    [`read and judge ${inThousands(spans)} spans, as a ratio to \`JSON.parse\` of the same bytes`, `≤ ${readAndJudge}`],
    ['calls of the backend', `≤ ${CALLS_PER_PROBE} per probe + ${CALLS_BESIDE}`],
    ['an HTML report of as many traces as it holds: everything at hand', `≤ ${reportReadyMs / 1000} s`],
    [
      'contract mode, 20 headers and 2 upstreams, without the start of the service and the time-out case',
      `≤ ${contractS} s, isolation ≤ ${isolationS} s`,
    ],
    [
      'false alarms',
      `0 in ${inThousands(healthyRuns.standin)} runs on the stand-in, 0 in ${healthyRuns.envoy} on real Envoy`,
    ],
    ['faults that can be observed, found and named at the right hop', '100 %'],
    ['bad answers of a backend', 'never a crash, never a pass'],
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
