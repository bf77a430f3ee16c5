import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { loadNamedFile } from '../config/load-config-file.ts';
import { type ConfigFile, readConfigFile } from '../config/names.ts';
import {
  keyOf,
  namesOf,
  OPTION_NAMES,
  type OptionName,
  OUTPUT_OPTIONS,
  optionDefinition,
  POLICY_OPTIONS,
  variableOf,
} from '../config/options.ts';
import { resolveOptions } from '../config/resolve.ts';
import {
  type FleetPlan,
  type FleetUnit,
  fleetPlanSchema,
  MOST_PARTS,
  partCount,
  targetsOf,
  unitsOf,
} from '../fleet/plan.ts';

/** A plan that can be followed. */
export interface ReadPlan {
  readonly plan: FleetPlan;
  readonly units: readonly FleetUnit[];
}

const EXAMPLE = '--plan fleet.yaml';
/** Of one run, or of the call that merges: no target has its own. */
const NOT_OF_TARGETS: readonly OptionName[] = [...POLICY_OPTIONS, ...OUTPUT_OPTIONS, 'confirm', 'rate'];

/**
 * Reads a plan and checks each target of it, so that a wrong option is known before the first probe of any is sent.
 * @throws ConfigError naming every problem at once, each with its line
 */
export async function readPlan(path: string, parallel: number, cwd: string): Promise<ReadPlan> {
  const option = { name: '--plan', source: 'flag --plan', example: EXAMPLE };
  const file = await loadNamedFile(cwd, path, option, ['plan', 'default']);
  const broken: ConfigProblem[] = [];
  const values = readConfigFile(file, broken);
  if (broken.length > 0) throw new ConfigError(broken.map((one) => ({ ...one, option: '--plan' })));
  const parsed = fleetPlanSchema.safeParse(values);
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map((issue) =>
        problemAt(file, issue.path, issue.message, 'targets: [{ name: shop, options: { ingress: … } }]'),
      ),
    );
  const plan: FleetPlan = parsed.data;
  const count = partCount(plan);
  if (count > MOST_PARTS) {
    const expected = `at most ${MOST_PARTS} parts in all, because a Job has no more indexes; these are ${count}`;
    throw new ConfigError([problemAt(file, ['targets'], expected, 'two plans, and hopcheck merge of all captures')]);
  }
  const problems = [
    ...optionProblems(plan.options, ['options'], file),
    ...plan.targets.flatMap((target, at) => optionProblems(target.options, ['targets', at, 'options'], file)),
    ...sameNames(plan, file),
  ];
  const { units, tooSmall } = unitsOf(plan, parallel);
  for (const ingress of tooSmall)
    problems.push({
      option: '--parallel',
      value: String(parallel),
      expected: `fewer, because the budget of ${ingress} has less than 0.1 probes a second for each process`,
      example: `--parallel ${Math.max(1, Math.floor(parallel / 2))}`,
    });
  if (problems.length === 0) problems.push(...valueProblems(plan, file, cwd));
  if (problems.length > 0) throw new ConfigError(problems);
  return { plan, units };
}

/** The options of a run: those of the plan, and of the environment only those that the plan lacks. */
export function inputOfUnit(
  { target, options }: Pick<FleetUnit, 'target' | 'options'>,
  { path, env, cwd, page }: { path: string; env: ConfigInput['env']; cwd: string; page: string },
): ConfigInput {
  const given = new Set(OPTION_NAMES.filter((name) => namesOf(name).some((one) => Object.hasOwn(options, keyOf(one)))));
  const isTaken = (variable: string) =>
    [...given].some((name) => namesOf(name).some((one) => variable.replace(/_\d+$/, '') === variableOf(one)));
  return {
    flags: {},
    env: Object.fromEntries(Object.entries(env).filter(([variable]) => !isTaken(variable))),
    file: { path: `${path}, target ${target}`, values: options },
    page,
    readFile: (name) => readFileSync(resolve(cwd, name), 'utf8'),
  };
}

function optionProblems(
  options: Readonly<Record<string, unknown>>,
  at: readonly (string | number)[],
  file: ConfigFile,
): ConfigProblem[] {
  const known = new Map(OPTION_NAMES.flatMap((name) => namesOf(name).map((one) => [keyOf(one), name] as const)));
  return Object.keys(options).flatMap((key): ConfigProblem[] => {
    const name = known.get(key);
    const problem = (expected: string, example: string) => problemAt(file, [...at, key], expected, example);
    if (name === undefined) {
      const near = didYouMean(key, [...known.keys()]);
      return [problem(near === undefined ? 'an option of docs/options.md' : `"${near}"`, 'probes: 60')];
    }
    if (optionDefinition(name).secret === true)
      return [problem(`the variable ${variableOf(name)} instead: a plan is shown and kept`, `${variableOf(name)}=…`)];
    if (name === 'rate')
      return [problem('"rates" of the plan instead: all parts share them', 'rates: { default: 20 }')];
    if (NOT_OF_TARGETS.includes(name))
      return [problem('the flag or configuration of the call that merges instead', `hopcheck fleet --${name} …`)];
    return [];
  });
}

function sameNames(plan: FleetPlan, file: ConfigFile): ConfigProblem[] {
  const seen = new Set<string>();
  return targetsOf(plan).flatMap(({ name, at }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      problemAt(file, ['targets', at, 'name'], `a name that no other target has; two are ${name}`, 'name: shop/eu'),
    ];
  });
}

/** Values that are wrong in themselves. A cluster may have the missing ones. */
function valueProblems(plan: FleetPlan, file: ConfigFile, cwd: string): ConfigProblem[] {
  return targetsOf(plan).flatMap((target) => {
    const input = inputOfUnit(
      { target: target.name, options: target.options },
      { path: file.path, env: {}, cwd, page: '/' },
    );
    const given = OPTION_NAMES.filter((name) => namesOf(name).some((one) => Object.hasOwn(target.options, keyOf(one))));
    const { problems } = resolveOptions(input, given);
    if (target.options.kube === true || problems.length > 0) return problems;
    return (['ingress', 'traces'] as const)
      .filter((name) => !given.includes(name))
      .map((name) =>
        problemAt(
          file,
          ['targets', target.at],
          `"${name}", or kube: true to find it in a cluster`,
          optionDefinition(name).example,
        ),
      );
  });
}

function problemAt(
  { path, lineOf }: ConfigFile,
  at: readonly PropertyKey[],
  expected: string,
  example: string,
): ConfigProblem {
  const line = lineOf?.(at);
  const place = at.length === 0 ? 'the plan' : at.map(String).join('.');
  return {
    option: `"${place}"`,
    source: `file ${path}${line === undefined ? '' : `, line ${line}`}`,
    expected: expected.replace(/^(Invalid input: )?expected /, ''),
    example,
  };
}
