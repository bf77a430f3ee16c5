import { z } from 'zod';

const name = z
  .string()
  .regex(/^[\w./:{}-]{1,200}$/, 'expected a name of letters, digits and . _ / : -, at most 200')
  .describe(
    'Name of the target in the report. With lists {context}, {namespace}, {application} and {ingress} stand for their values; without them the values are added.',
  );
const list = (what: string) => z.array(z.string().min(1)).min(1).describe(`${what}: a target for each.`).optional();
const options = z
  .record(z.string(), z.unknown())
  .describe('Options of a run, as in the configuration file (docs/options.md). Secrets are for the environment.');
const rate = z.number().min(0.1).max(1000);

const targetSchema = z.strictObject({
  name,
  parts: z.int().min(1).max(1000).describe('Number of processes that share the probes of the target.').default(1),
  contexts: list('Contexts of the kubeconfig (kubeContext)'),
  namespaces: list('Namespaces of the application (kubeApp)'),
  applications: list('Files of definitions (application)'),
  ingresses: list('Entry points (ingress)'),
  options: options.default({}),
});

/** `hopcheck fleet --plan`: one plan over many targets. */
export const fleetPlanSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  options: options.describe('Options of every target.').default({}),
  rates: z
    .record(z.string(), rate)
    .describe(
      'Probes a second that all parts together may send, by URL of the ingress, or by context of the cluster in which it is found. "default" is for those that are not named.',
    )
    .default({}),
  targets: z.array(targetSchema).min(1).describe('What is checked.'),
});

export type FleetPlan = Readonly<z.output<typeof fleetPlanSchema>>;

/** One target of a plan, its lists spread out. */
export interface PlannedTarget {
  readonly name: string;
  readonly parts: number;
  /** By the keys of the configuration file. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Its probes share a budget with those to the same ingress, or to the cluster in which it is found. */
  readonly ingress: string;
  /** Index in the plan's list, for messages. */
  readonly at: number;
}

/** What one process collects: a part of a target. */
export interface FleetUnit {
  /** From 0; the completion index of a Kubernetes Job. */
  readonly index: number;
  readonly target: string;
  readonly part: { readonly index: number; readonly of: number };
  readonly options: Readonly<Record<string, unknown>>;
}

/** Indexes that a Job without `maxFailedIndexes` may have (Kubernetes, `maxJobBackoffLimitPerIndexCompletions`). */
export const MOST_PARTS = 100_000;

/** How many parts a plan has, without making them. */
export function partCount({ targets }: FleetPlan): number {
  return targets.reduce((sum, { parts, contexts, namespaces, applications, ingresses }) => {
    const lists = [contexts, namespaces, applications, ingresses];
    return sum + lists.reduce((product, list) => product * (list?.length ?? 1), parts);
  }, 0);
}

/** The budget where a plan names no rate: the default of a run. */
const DEFAULT_RATE = 20;
/** The least that one process sends: the option takes no less. */
const LEAST_RATE = 0.1;

/** The targets of a plan, in its order: of a list one for each value, of several lists one for each combination. */
export function targetsOf(plan: FleetPlan): readonly PlannedTarget[] {
  return plan.targets.flatMap((target, at) =>
    spread(target).map((values): PlannedTarget => {
      const all = { ...plan.options, ...target.options, ...optionsFor(values) };
      return { name: nameOf(target.name, values), parts: target.parts, options: all, ingress: ingressOf(all), at };
    }),
  );
}

/**
 * The parts of all targets, numbered. Rates are a budget that all probes to one ingress share: a process may send what the
 * budget has for each of those that can be under way at the same time, so that the sum never exceeds it, whichever run.
 * @param parallel processes at the same time, at most
 * @returns the units, and the ingresses of which the budget is too small for so many processes
 */
export function unitsOf(
  plan: FleetPlan,
  parallel: number,
): { readonly units: readonly FleetUnit[]; readonly tooSmall: readonly string[] } {
  const targets = targetsOf(plan);
  const parts = Map.groupBy(targets, ({ ingress }) => ingress);
  const share = new Map(
    [...parts].map(([ingress, own]) => {
      const units = own.reduce((sum, target) => sum + target.parts, 0);
      return [ingress, budgetOf(plan, ingress) / Math.min(parallel, units)] as const;
    }),
  );
  const units = targets.flatMap((target) =>
    Array.from({ length: target.parts }, (_, at) => {
      const most = share.get(target.ingress) ?? DEFAULT_RATE;
      const own = Number(target.options.rate ?? most);
      // As text that the option takes; cut, not rounded, so that the sum stays within the budget.
      const limited = Math.floor(Math.min(own, most) * 1000) / 1000;
      return {
        target: target.name,
        part: { index: at + 1, of: target.parts },
        options: { ...target.options, rate: limited },
      };
    }),
  );
  return {
    units: units.map((unit, index) => ({ index, ...unit })),
    tooSmall: [...share].flatMap(([ingress, each]) => (each < LEAST_RATE ? [ingress] : [])),
  };
}

function budgetOf({ rates }: FleetPlan, ingress: string): number {
  const [, own] =
    Object.entries(rates).find(([key]) => (URL.canParse(key) ? new URL(key).origin : key) === ingress) ?? [];
  return own ?? rates.default ?? DEFAULT_RATE;
}

interface Values {
  readonly context?: string;
  readonly namespace?: string;
  readonly application?: string;
  readonly ingress?: string;
}

function spread({ contexts, namespaces, applications, ingresses }: FleetPlan['targets'][number]): readonly Values[] {
  const lists = [
    ['context', contexts],
    ['namespace', namespaces],
    ['application', applications],
    ['ingress', ingresses],
  ] as const;
  return lists.reduce<readonly Values[]>(
    (made, [key, values]) =>
      values === undefined ? made : made.flatMap((before) => values.map((value) => ({ ...before, [key]: value }))),
    [{}],
  );
}

function optionsFor({ context, namespace, application, ingress }: Values): Readonly<Record<string, unknown>> {
  return {
    ...((context !== undefined || namespace !== undefined) && { kube: true }),
    ...(context !== undefined && { kubeContext: context }),
    ...(namespace !== undefined && { kubeApp: namespace }),
    ...(application !== undefined && { application }),
    ...(ingress !== undefined && { ingress }),
  };
}

/** `eu/shop`: what no placeholder takes is added, so that no two targets have one name. */
function nameOf(template: string, values: Values): string {
  let own = template;
  const rest = Object.entries(values).flatMap(([key, value]: [string, string]) => {
    const plain = value.replace(/^https?:\/\//, '').replace(/[^\w./:-]+/g, '-');
    if (!own.includes(`{${key}}`)) return [plain];
    own = own.replaceAll(`{${key}}`, plain);
    return [];
  });
  return [own, ...rest].join('/');
}

/** Where nothing names the ingress, it is found in a cluster: all that is found there shares one budget. */
function ingressOf({ ingress, kube, kubeContext, kubeIngress }: Readonly<Record<string, unknown>>): string {
  if (typeof ingress === 'string') return URL.canParse(ingress) ? new URL(ingress).origin : ingress;
  const cluster = typeof kubeContext === 'string' ? kubeContext : kube === true ? 'current-context' : 'default';
  return typeof kubeIngress === 'string' ? `${cluster} ${kubeIngress}` : cluster;
}
