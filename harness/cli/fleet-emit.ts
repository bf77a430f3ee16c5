import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { stringify } from 'yaml';
import { ConfigError } from '../config/config-error.ts';
import { duration } from '../config/values.ts';
import { type JobTarget, jobObjects } from '../fleet/job.ts';
import { type FleetPlan, targetsOf } from '../fleet/plan.ts';
import { HOPCHECK_VERSION } from '../system/version.ts';
import type { ReadPlan } from './fleet-plan.ts';

export interface EmitInput {
  readonly read: ReadPlan;
  readonly parallel: number;
  readonly to: JobTarget;
  readonly image: string | undefined;
  readonly namespace: string | undefined;
  readonly cwd: string;
}

/** Options that name a file which the pods need. */
const FILES = ['application', 'ingressCa', 'ingressCert', 'tracesCa'] as const;
/** Options that name a file with a secret in it, or one of this machine. */
const PRIVATE = { ingressKey: 'a plan without a private key: a ConfigMap must not hold it' } as const;
const DEFAULT_TOTAL_MS = 15 * 60_000;

/** The manifest, as YAML. @throws ConfigError, FleetError */
export function emitJob({ read: { plan, units }, parallel, to, image, namespace, cwd }: EmitInput): string {
  const files = new Map<string, string>();
  const names = new Map<string, string>();
  const carried = (options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    const { kubeconfig: _, ...rest } = options;
    for (const [key, expected] of Object.entries(PRIVATE))
      if (Object.hasOwn(rest, key)) throw wrong(`"${key}"`, String(rest[key]), expected);
    const taken = FILES.flatMap((key) => (typeof rest[key] === 'string' ? [[key, carry(rest[key])] as const] : []));
    return { ...rest, ...Object.fromEntries(taken) };
  };
  /** The name of a file in the ConfigMap, which is a flat folder. */
  const carry = (path: string): string => {
    const known = names.get(path);
    if (known !== undefined) return known;
    const ending = extname(path);
    const stem = basename(path, ending).replace(/[^\w.-]+/g, '-');
    let own = `${stem}${ending}`;
    for (let turn = 2; files.has(own) || own === 'fleet.yaml'; turn += 1) own = `${stem}-${turn}${ending}`;
    files.set(own, textOf(path, cwd));
    names.set(path, own);
    return own;
  };
  const carriedPlan: FleetPlan = {
    ...plan,
    options: carried(plan.options),
    targets: plan.targets.map(({ applications, options, ...target }) => ({
      ...target,
      options: carried(options),
      ...(applications !== undefined && { applications: applications.map(carry) }),
    })),
  };
  checkSameNames(plan, carriedPlan);
  const objects = jobObjects({
    name: 'hopcheck-fleet',
    namespace: namespace ?? 'hopcheck',
    image: image ?? `hopcheck:${HOPCHECK_VERSION}`,
    units: units.length,
    parallel,
    totalTimeoutMs: Math.max(...units.map(({ options }) => totalOf(options))),
    files: { 'fleet.yaml': stringify(carriedPlan), ...Object.fromEntries(files) },
    to,
    needsKubeconfig: targetsOf(plan).some(({ options }) => options.kubeContext !== undefined),
  });
  return objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n');
}

/** Captures carry the names, and the merge reads the plan as it was written. */
function checkSameNames(plan: FleetPlan, carried: FleetPlan): void {
  const [before, after] = [plan, carried].map((one) => targetsOf(one).map(({ name }) => name));
  const at = before?.findIndex((name, index) => name !== after?.[index]) ?? -1;
  if (at < 0) return;
  throw wrong(
    '"applications"',
    before?.[at] ?? '',
    'files beside the plan: their names are part of the names of targets',
  );
}

function totalOf({ totalTimeout }: Readonly<Record<string, unknown>>): number {
  const parsed = duration.safeParse(totalTimeout);
  return parsed.success ? parsed.data : DEFAULT_TOTAL_MS;
}

function textOf(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    throw wrong('--emit', path, `a file that can be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

function wrong(option: string, value: string, expected: string): ConfigError {
  return new ConfigError([
    { option, value, source: 'flag --emit', expected, example: '--emit job.yaml --to pvc:captures' },
  ]);
}
