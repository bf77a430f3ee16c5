import { callOf } from '../../definition/names.ts';
import type { CallDefinition } from '../../definition/schema.ts';
import { percent } from '../../learn/comments.ts';
import type { Difference } from '../../learn/differences.ts';
import type { Learnt } from '../../learn/learn.ts';
import { edgeOf } from '../../learn/learn-input.ts';
import type { Trouble } from '../../learn/trouble.ts';

/** Why nothing is learnt: each hop, and below it what to do. */
export function troubleLines(trouble: Trouble): readonly string[] {
  const { what, fix } = TROUBLES[trouble.kind](trouble);
  const { requests, of, request } = trouble;
  const counted = trouble.kind === 'too-few' ? '' : `, ${requests} of ${of} requests`;
  const about = request === undefined ? placeOf(trouble) : `the request ${request}`;
  return [`${about}: ${what}${counted}`, `  ${fix}`];
}

/** A mesh may rightly show these, and no trace can say whether it does. */
const MAY_BE_RIGHT: ReadonlySet<Trouble['kind']> = new Set(['no-server', 'refused', 'no-calls', 'answers']);
/** They show no fault of an application, and not enough of it either. */
const NOT_WHOLE: ReadonlySet<Trouble['kind']> = new Set(['gateway-end', 'lost-spans', 'no-client']);
/** There is too little to learn from, and nothing wrong with it. */
const NOT_ENOUGH: ReadonlySet<Trouble['kind']> = new Set(['too-few', 'no-traces', 'not-valid']);

/** The end of `nothing is learnt …`, by what stands in the way. */
export function whyRefused(troubles: readonly Trouble[]): string {
  const open = troubles.filter(({ kind }) => !NOT_ENOUGH.has(kind));
  if (open.length === 0) return '';
  if (open.every(({ kind }) => MAY_BE_RIGHT.has(kind)))
    return ' yet, because the traces do not show whether this is right. Where it is, add the line below it';
  const isFault = open.some(({ kind }) => !MAY_BE_RIGHT.has(kind) && !NOT_WHOLE.has(kind));
  const why = isFault ? ', because the traces show a fault' : ' yet, because the traces are not whole';
  const declare = '. Where a call with a line to add is right as it is, add that line';
  return open.some(({ kind }) => MAY_BE_RIGHT.has(kind)) ? `${why}${declare}` : why;
}

type Words = Readonly<Record<Trouble['kind'], (trouble: Trouble) => { readonly what: string; readonly fix: string }>>;

const TROUBLES: Words = {
  'no-server': ({ caller = '', callee = '', isOutside }) => {
    const flag = isOutside === true ? `--external ${callee}` : `--untraced ${callee}`;
    const line = `calls: { ${caller}: [{ to: ${callee}, ${isOutside === true ? 'external: true' : 'traced: false'} }] }`;
    const why = isOutside === true ? `${callee} is outside of the mesh` : `${callee} has no sidecar`;
    return {
      what: 'the call has no SERVER span below it',
      fix: `where ${why}, declare it: ${flag}, or in the definition ${line}`,
    };
  },
  'gateway-end': () => ({
    what: 'the trace ends at the gateway that it calls',
    fix: 'a gateway replaces x-request-id and decides again whether to trace: learn where every request is traced, or copy x-client-trace-id to this call',
  }),
  refused: ({ caller = '', callee = '', statuses = [] }) => ({
    what: `every call is answered with a gRPC status that is not OK (${statuses.join(', ')})`,
    fix: `where that is right, in the definition calls: { ${caller}: [{ to: ${callee}, statuses: [${statuses.join(', ')}] }] }. Else look at ${callee}`,
  }),
  'lost-spans': () => ({
    what: 'the call has no SERVER span below it now and then',
    fix: 'spans get lost on the way to the trace backend: look at the collector, then learn again',
  }),
  'no-client': ({ caller = '', callee = '' }) => ({
    what: 'the call left no CLIENT span',
    fix: `the proxy of ${caller} does not see the call as HTTP: declare the port of ${callee} as HTTP, and look for excludeOutboundPorts`,
  }),
  orphan: () => ({
    what: 'a span whose parent is not in the trace',
    fix: 'the service above sends no spans, or its application sends an id of a span that it never reports: hopcheck run names which',
  }),
  'several-roots': () => ({
    what: 'the trace has more than one root',
    fix: 'the caller passes the trace id on and not the span id: hopcheck run names the header',
  }),
  'wrong-parent': ({ caller = '' }) => ({
    what: 'the call hangs below a span of another service',
    fix: `${caller} sends the span id of another request or of its caller: make it copy the headers of the request it handles`,
  }),
  tangled: () => ({
    what: 'one id twice, or parents in a circle',
    fix: 'look at these traces in the trace backend, then learn again',
  }),
  'no-service': () => ({
    what: 'no service behind the gateway left a span',
    fix: 'the entry service has no sidecar, or the gateway answered by itself: check the path',
  }),
  'lost-context': ({ caller = '' }) => ({
    what: 'the call is in another trace than the request that its caller serves',
    fix: `${caller} does not pass the trace context on: make it copy the trace headers to this call`,
  }),
  failing: ({ callee = '' }) => ({
    what: 'the call fails',
    fix: `look at ${callee}: is it ready, what does its log say?`,
  }),
  'no-calls': () => ({
    what: 'no service calls another',
    fix: 'either that is the whole application (then write the definition by hand, with calls: {}), or the first service turns tracing off for its calls',
  }),
  'not-valid': ({ text = '' }) => ({
    what: 'it shows what a definition cannot hold',
    fix: text,
  }),
  answers: () => ({
    what: 'not answered, or not as the others',
    fix: 'send it by hand and see why. If that status is right, set it in the definition: answer: { status: 201 }',
  }),
  'no-traces': () => ({
    what: 'left no trace',
    fix: 'run hopcheck doctor: it shows what keeps traces from the backend',
  }),
  'too-few': ({ requests, of }) => ({
    what: `${requests} with a whole trace, and at least ${of} are needed`,
    fix: 'raise --probes, or save more traces of it',
  }),
};

function placeOf({ caller, callee }: Trouble): string {
  if (caller === undefined) return callee ?? 'the mesh';
  return callee === undefined ? caller : `${caller} → ${callee}`;
}

/** A difference in one line: `+ a → b 60 of 60`. */
export function differenceLine(difference: Difference, learnt?: Pick<Learnt, 'calls'>): string {
  switch (difference.kind) {
    case 'rename':
      return `= ${difference.from} is called ${difference.to} now`;
    case 'part':
      return `~ ${difference.path.join('.')}: ${shown(difference.before)} → ${shown(difference.after)}`;
    case 'call': {
      const { caller, before, after } = difference;
      const callee = (after ?? before)?.to ?? '';
      const counts = learnt?.calls.get(edgeOf(caller, callee));
      const hop = `${caller} → ${callee}`;
      const seen = counts === undefined ? '' : ` ${counts.made} of ${counts.of}`;
      const comma = seen === '' ? '' : ',';
      if (after === undefined) return `- ${hop}`;
      if (before === undefined)
        return `+ ${hop}${after.optional === true || after.when !== undefined ? ` ${howOften(after)}${comma}` : ''}${seen}`;
      if (after.pending === true) return `? ${hop} declared, and not seen: pending`;
      if (before.pending === true) return `! ${hop} seen now${seen}: no longer pending`;
      const share =
        after.optional === true && counts !== undefined ? percent(counts.made / counts.of) : howOften(after);
      return howOften(before) === share
        ? `~ ${hop} ${shown(before)} → ${shown(after)}`
        : `~ ${hop} ${howOften(before)} → ${share}`;
    }
  }
}

function howOften(given: CallDefinition): string {
  const { optional, when } = callOf(given);
  if (optional === true) return 'now and then';
  return when === undefined ? 'always' : `with ${[when].flat().join(', ')}`;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
