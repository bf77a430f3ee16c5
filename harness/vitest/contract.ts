/**
 * For the repository of a service: `import { forwards } from 'hopcheck/contract'`. With it comes the matcher, which takes
 * the promise or the report: `await expect(forwards({ … })).toForwardTraceHeaders({ to: ['stock'] })`.
 */
import './contract-matchers.ts';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderReport } from '../../reports/text/render-report.ts';
import { redactContract } from '../contract/capture-file.ts';
import { driveContract } from '../contract/drive.ts';
import { judgeContract } from '../contract/judge/judge-contract.ts';
import { readProto } from '../contract/proto.ts';
import { resolveContract } from '../contract/resolve-settings.ts';
import type { ContractInput } from '../contract/settings-input.ts';
import type { RunReport } from '../model/report.ts';
import { systemClock } from '../system/system-clock.ts';
import { HOPCHECK_VERSION } from '../system/version.ts';

type Text<Value> = Value extends number ? number | string : Value;

/**
 * One service and its upstreams, with the options of a contract file (docs/contract.md). Times are texts with a unit, as
 * in the file: `timeout: '5s'`.
 */
export interface ForwardsOptions {
  /** `http://127.0.0.1:9080/orders`, or with h2c or grpc. */
  readonly service: string;
  /** Addresses by name; null or an empty text: any port. */
  readonly upstreams: Readonly<Record<string, string | null>> | readonly string[];
  /** Command that starts the service; absent: it is there. */
  readonly start?: string;
  readonly env?: Readonly<Record<string, string | number>>;
  /** Where it is started; default: the working folder. */
  readonly cwd?: string;
  readonly name?: string;
  readonly shell?: boolean;
  readonly method?: string;
  readonly data?: string;
  readonly require?: readonly string[];
  readonly watch?: readonly string[];
  readonly provider?: NonNullable<ContractInput['provider']>;
  readonly expect?: NonNullable<ContractInput['expect']>;
  readonly answers?: Readonly<Record<string, readonly object[]>> | string;
  readonly proto?: readonly string[];
  readonly otlp?: boolean | string;
  readonly timeout?: string;
  readonly startTimeout?: string;
  readonly hold?: string;
  readonly isolation?: Text<number>;
  readonly inFlight?: Text<number>;
}

/**
 * Tests one service as `hopcheck contract` does, for `await expect(forwards({ … })).toForwardTraceHeaders()`.
 * @throws ConfigError for options that do not fit, ContractError where a port cannot be had.
 */
export async function forwards({ cwd = process.cwd(), ...options }: ForwardsOptions): Promise<RunReport> {
  const settings = resolveContract({
    flags: {},
    file: { path: 'forwards()', values: options },
    cwd,
    knownAnswers: {},
    readFile: (path) => readFileSync(resolve(cwd, path), 'utf8'),
    readProto: (paths, answers) =>
      readProto(
        paths.map((path) => resolve(cwd, path)),
        answers,
      ),
  });
  const capture = await driveContract(settings, {
    clock: systemClock,
    random: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
    signal: new AbortController().signal,
    env: process.env,
    hopcheck: HOPCHECK_VERSION,
  });
  return renderReport(judgeContract(redactContract(capture, settings, { ...process.env, ...settings.env })));
}
