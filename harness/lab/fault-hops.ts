import type { Application } from '../model/application.ts';
import { orList } from '../model/or-list.ts';
import { type Fault, FaultError, type FaultKind, forShell } from './faults.ts';

/** Between the two proxies of a call, or in the caller's: the lab plays them on calls that go to the callee directly. */
const ON_THE_WAY: ReadonlySet<FaultKind> = new Set(['strip', 'abort', 'delay']);

/**
 * Says no to a fault on a call that the application does not make, or that goes through a gateway which hides the callee:
 * it would strike nothing, and a healthy result would say nothing.
 * @throws FaultError
 */
export function refuseIdleFaults(
  faults: readonly Fault[],
  { calls, gateway }: Pick<Application, 'calls' | 'gateway'>,
): void {
  for (const { text, kind, service, version, callee } of faults) {
    if (service === undefined || callee === undefined) continue;
    const wrong = (what: string) => new FaultError(`--fault ${forShell(text)}: ${what}`);
    const own = calls.filter((call) => call.caller === service);
    const such = own.filter((call) => call.callee === callee);
    const made = such.filter(
      ({ whenCallerVersion: only }) => version === undefined || (only?.includes(version) ?? true),
    );
    if (made.length === 0) {
      const name = version === undefined || such.length === 0 ? service : `${service} ${version}`;
      const callees = [...new Set(own.map((call) => call.callee))];
      const does =
        such.length > 0
          ? `only its versions ${such.flatMap(({ whenCallerVersion = [] }) => whenCallerVersion).join(', ')} do`
          : callees.length === 0
            ? 'it calls no service'
            : `it calls ${callees.join(', ')}, e.g. ${callees.map((one) => `${service}->${one}`)[0]}`;
      throw wrong(`${name} does not call ${callee}: ${does}`);
    }
    if (ON_THE_WAY.has(kind) && made.every(({ through }) => through === true)) {
      const others = calls.flatMap((call) => (call.through === true ? [] : [`${kind}:${call.caller}->${call.callee}`]));
      throw wrong(
        `${service} calls ${callee} through ${gateway}, where the lab cannot play ${kind}; expected a direct call: ${orList(others.slice(0, 3))}`,
      );
    }
  }
}
