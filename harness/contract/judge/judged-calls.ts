import type { ContractCapture, UpstreamCall } from '../../model/contract.ts';
import { attribute, idsIn, type OwnedCall, type Owners, ownersOf, usualCalls } from './attribute.ts';
import { classifyCall, type HeaderCell, type Kinds } from './classify.ts';
import { type Form, formOf, type HeaderOutcome } from './forms.ts';
import { headerOf } from './headers.ts';
import { recogniseKinds } from './recognise.ts';
import type { WrongCell } from './wrong-cells.ts';

/** One call with what became of each header, and which of them may not have happened. */
export interface JudgedCall extends OwnedCall {
  readonly cells: readonly HeaderCell[];
  readonly wrong: readonly WrongCell[];
  /** Of a request with trouble: it followed the call that was not answered. */
  readonly after?: 'retry' | 'redirect';
}

/** Everything the judge reads off the record once. */
export interface ContractView {
  readonly capture: ContractCapture;
  readonly owners: Owners;
  /** How many calls a request makes of each upstream. */
  readonly usual: ReadonlyMap<string, number>;
  readonly kinds: Kinds;
  readonly headers: readonly string[];
  /** Those of requests that were sent one after the other. */
  readonly calls: readonly JudgedCall[];
}

export function viewContract(capture: ContractCapture): ContractView {
  const owners = ownersOf(capture.exchanges);
  const usual = usualCalls(capture);
  const owned = attribute(capture, owners, usual);
  const kinds = recogniseKinds(
    capture,
    owned.filter(({ exchange }) => exchange.phase === 'alone'),
  );
  const headers = [...new Set([...capture.watched, ...capture.required])];
  const calls = owned.map((call) => judgeCall(call, owned, { owners, kinds, headers, expect: capture.expect }));
  return { capture, owners, usual, kinds, headers, calls };
}

type Rules = Pick<ContractView, 'owners' | 'kinds' | 'headers'> & { readonly expect: ContractCapture['expect'] };

function judgeCall(owned: OwnedCall, all: readonly OwnedCall[], { owners, kinds, headers, expect }: Rules): JudgedCall {
  const { call, exchange, isLate } = owned;
  const isForeign = (value: string) => idsIn(value).some((id) => (owners.get(id) ?? exchange.id) !== exchange.id);
  const cells = classifyCall(exchange.headers, call.headers, headers, { kinds, isForeign }).map((cell) =>
    // Held to a tracer, the service has to make a span.
    expect === 'tracer' && exchange.phase === 'alone' && cell.header === 'traceparent' && cell.outcome === 'unchanged'
      ? { ...cell, outcome: 'changed' as const, how: 'same-span' as const }
      : cell,
  );
  const form = exchange.form === undefined ? undefined : formOf(exchange.form);
  const after = followed(owned, all);
  const wrong = cells
    .filter((cell) => !mayBe(cell, form, kinds))
    .map(
      (cell): WrongCell => ({
        ...cell,
        call,
        exchange: exchange.id,
        isLate,
        ...(form !== undefined && { form: `${form.header}: ${form.text}` }),
        ...(after !== undefined && { after }),
      }),
    );
  return { ...owned, cells, wrong, ...(after !== undefined && { after }) };
}

/** The call came after one of the same request and upstream that was not answered. */
function followed({ call, exchange }: OwnedCall, all: readonly OwnedCall[]): 'retry' | 'redirect' | undefined {
  const { trouble } = exchange;
  if (trouble === undefined || trouble.upstream !== call.upstream || call.trouble !== undefined) return undefined;
  const first = all.find((other) => other.exchange === exchange && other.call.trouble !== undefined);
  if (first === undefined || first.call.number > call.number) return undefined;
  return trouble.kind === 'redirect' ? 'redirect' : 'retry';
}

const KEPT: readonly HeaderOutcome[] = ['unchanged', 'allowed'];

/** What the table allows for the header it is about and those of its family; else copying, or a tracer's context. */
function mayBe({ header, outcome }: HeaderCell, form: Form | undefined, kinds: Kinds): boolean {
  if (outcome === 'foreign' || outcome === 'invented') return false;
  const { family } = headerOf(header);
  const isTracer = kinds[family] === 'tracer' || (outcome === 'restarted' && Object.values(kinds).includes('tracer'));
  const general = KEPT.includes(outcome) || (isTracer && outcome === 'child');
  if (form !== undefined && headerOf(form.header).family === family) {
    // A trace id that is not well formed may take the others of its family with it.
    const byForm = form.expected[isTracer ? 'tracer' : 'pass-through'].includes(outcome);
    return header === form.header ? byForm : general || (byForm && !form.isWellFormed && form.header !== 'tracestate');
  }
  // A tracer begins a trace in its own format where the request has a context in another alone.
  if (form !== undefined && outcome === 'restarted') return isTracer;
  return general;
}

/** Calls that came while many requests were under way. */
export function callsInFlight({ calls }: ContractCapture): readonly UpstreamCall[] {
  return calls.filter(({ during, stranger }) => during === undefined && stranger === undefined);
}
