import { didYouMean } from '../config/did-you-mean.ts';
import { HopcheckError } from '../model/hopcheck-error.ts';
import { FAULTS, type FaultDefinition, GATEWAY } from './fault-catalogue.ts';

/** One fault, as written: `fault:service[-version][->callee][:argument][@share]` (docs/architecture.md#the-lab). */
export interface Fault {
  /** As the user wrote it. */
  readonly text: string;
  readonly kind: FaultKind;
  readonly service?: string;
  readonly version?: string;
  readonly callee?: string;
  readonly argument?: string;
  /** Part of the requests it strikes, 0–1; default 1. */
  readonly share: number;
}

export type FaultKind = keyof typeof FAULTS;

/** As it is to be typed: a shell takes `>` for a file to write. */
export function forShell(fault: string): string {
  return fault.includes('>') ? `'${fault}'` : fault;
}

/** The error in a fault as written, and the right way to write it. */
export class FaultError extends HopcheckError {
  override readonly name = 'FaultError' as const;
}

/** A service, perhaps with a version, perhaps with a callee: a Service of the mesh, or a host outside by its full name. */
const TARGET = /^(?<workload>[A-Za-z0-9](?:[-.\w]*[A-Za-z0-9])?)(?:->(?<callee>[A-Za-z0-9](?:[-.\w]*[A-Za-z0-9])?))?$/;
/** As Bookinfo's versions are, where no application says which there are. */
const USUAL_VERSION = /^v\d+$/;

/** The names that faults may have: services, with their versions where they are known. */
export type FaultNames = readonly string[] | ReadonlyMap<string, readonly string[]>;

/**
 * Reads one fault.
 * @param names the application's, to say what could have been meant.
 * @throws FaultError
 */
export function parseFault(text: string, names: FaultNames): Fault {
  const services = 'get' in names ? [...names.keys()] : names;
  const [, body = '', shareText] = /^(.*?)(?:@([^@]*))?$/s.exec(text) ?? [];
  const [kind = '', ...rest] = body.split(':');
  const perhaps = (word: string, known: readonly string[]) => {
    const near = didYouMean(word, known);
    return near === undefined ? '' : `, perhaps ${near}`;
  };
  if (!isKind(kind))
    throw new FaultError(
      `--fault ${text}: there is no fault ${JSON.stringify(kind)}${perhaps(kind, Object.keys(FAULTS))}; see hopcheck lab --list-faults`,
    );
  const definition: FaultDefinition = FAULTS[kind];
  const share = shareText === undefined ? 1 : Number(shareText);
  const wrong = (what: string) =>
    new FaultError(`--fault ${text}: ${what}, e.g. --fault ${forShell(definition.example)}`);
  if (!(share > 0 && share <= 1))
    throw wrong(`the share after @ is a number over 0 and at most 1, not ${JSON.stringify(shareText)}`);
  const target = definition.on === 'service' ? rest.shift() : undefined;
  const argument = rest.length === 0 ? undefined : rest.join(':');
  if (definition.argument !== undefined && !argument) throw wrong('an argument is missing');
  const words = definition.words ?? [];
  if (definition.argument === 'number' && !words.includes(argument ?? '') && !/^-?\d+(\.\d+)?$/.test(argument ?? ''))
    throw wrong(`${JSON.stringify(argument)} is not ${['a number', ...words].join(' or ')}`);
  if (argument?.startsWith('-') && kind !== 'clock-skew') throw wrong('the number is not under 0');
  if (shareText !== undefined && definition.share !== true) throw wrong('it takes no @share');
  if (definition.argument === undefined && argument !== undefined)
    throw wrong(`it takes no argument ${JSON.stringify(argument)}`);
  const common = { text, kind, share, ...(argument !== undefined && { argument }) };
  if (definition.on === 'mesh') return common;
  const { workload, callee } = TARGET.exec(target ?? '')?.groups ?? {};
  if (workload === undefined) throw wrong(`${JSON.stringify(target ?? '')} is not service[-version][->callee]`);
  const { service, version } = versionApart(workload, services);
  for (const [name, known] of [
    [service, definition.gateway === true ? [...services, GATEWAY] : services],
    [callee, services],
  ] as const) {
    if (name !== undefined && !known.includes(name))
      throw wrong(`there is no service ${name}${perhaps(name, known)} (there are ${known.join(', ')})`);
  }
  const versions = 'get' in names ? names.get(service) : undefined;
  if (version !== undefined && versions !== undefined && !versions.includes(version))
    throw wrong(`there is no version ${version} of ${service} (there are ${versions.join(', ')})`);
  if (callee !== undefined && definition.callee === undefined) throw wrong('it takes no ->callee');
  if (callee === undefined && definition.callee === 'required') throw wrong('->callee is missing');
  return { ...common, service, ...(version !== undefined && { version }), ...(callee !== undefined && { callee }) };
}

/** `pricing-canary`: the longest service that begins it, and the version; of an unknown service what looks like a version. */
function versionApart(workload: string, services: readonly string[]): { service: string; version?: string } {
  if ([...services, GATEWAY].includes(workload)) return { service: workload };
  const ends = [...workload.matchAll(/-/g)].map(({ index }) => index).toReversed();
  const known = ends.find((end) => services.includes(workload.slice(0, end)));
  const end = known ?? ends.find((end) => USUAL_VERSION.test(workload.slice(end + 1)));
  return end === undefined
    ? { service: workload }
    : { service: workload.slice(0, end), version: workload.slice(end + 1) };
}

/** The faults of these kinds that strike this workload. */
export function faultsOn(
  faults: readonly Fault[],
  kinds: readonly FaultKind[],
  service: string,
  version?: string,
): Fault[] {
  return faults.filter(
    (fault) =>
      kinds.includes(fault.kind) &&
      fault.service === service &&
      (fault.version === undefined || version === undefined || fault.version === version),
  );
}

function isKind(text: string): text is FaultKind {
  return Object.hasOwn(FAULTS, text);
}
