import type { CONTRACT_PLACES, ContractFact } from '../../model/facts/contract.ts';
import type { JudgedFinding, Subject } from '../../model/finding.ts';
import { contractFinding } from './finding.ts';
import { headerOf } from './headers.ts';
import type { ContractView, JudgedCall } from './judged-calls.ts';
import { stackOf } from './stack.ts';
import { type Diagnosis, diagnose, type WrongCell } from './wrong-cells.ts';

type Place = (typeof CONTRACT_PLACES)[number];
type Detail = Extract<ContractFact, { kind: 'headers-lost' }>['headers'][number];

/** One finding per code and upstream, of every call that belongs to a request. */
export function judgeForwarding(view: ContractView): readonly JudgedFinding[] {
  return view.capture.upstreams.flatMap(({ name }) => ofUpstream(view, name));
}

function ofUpstream(view: ContractView, callee: string): readonly JudgedFinding[] {
  const calls = view.calls.filter(({ call }) => call.upstream === callee);
  const required = new Set(view.capture.required);
  const wrong = calls.flatMap((call) => call.wrong).filter((cell) => counts(cell, required));
  const lost = new Set(wrong.filter(({ outcome }) => outcome === 'dropped').map(({ header }) => header));
  // Required and other headers are two findings where one is an error and the other a warning.
  const groups = Map.groupBy(wrong, (cell) => {
    const { code } = diagnose(cell, lost);
    return `${severityOf(cell, required)} ${code}`;
  });
  const bySeverity = [...groups.values()].map((cells) => toFinding(view, callee, calls, cells, lost, required));
  return worstOfEach(bySeverity);
}

/** A header that is not required may be lost, but not written wrong. */
function counts({ header, outcome }: WrongCell, required: ReadonlySet<string>): boolean {
  return outcome !== 'dropped' || required.has(header);
}

function severityOf({ header, outcome }: WrongCell, required: ReadonlySet<string>): 'error' | 'warning' {
  // A tracer that passes on what it cannot read harms no trace.
  if (outcome === 'unchanged') return 'warning';
  return outcome === 'foreign' || required.has(header) ? 'error' : 'warning';
}

/** One finding per code and subject: with the errors, warnings of the same code are not repeated. */
function worstOfEach(findings: readonly JudgedFinding[]): readonly JudgedFinding[] {
  const byCode = Map.groupBy(findings, ({ code }) => code);
  return [...byCode.values()].flatMap((same) => same.find(({ severity }) => severity === 'error') ?? same.slice(0, 1));
}

function toFinding(
  view: ContractView,
  callee: string,
  calls: readonly JudgedCall[],
  cells: readonly WrongCell[],
  lost: ReadonlySet<string>,
  required: ReadonlySet<string>,
): JudgedFinding {
  const caller = view.capture.service.name;
  const stack = stackOf(view.capture);
  const [first] = cells as [WrongCell, ...WrongCell[]];
  const { code, kind, causes } = diagnose(first, lost);
  const headers = [...new Set(cells.map(({ header }) => header))];
  const wrongCalls = new Set(cells.map(({ call }) => call.number));
  // A malformed value may be dropped: such a call shows neither that a header passes nor that it does not.
  const carrying = calls.filter(
    (call) =>
      wrongCalls.has(call.call.number) ||
      call.cells.some(({ header, outcome }) => headers.includes(header) && outcome !== 'dropped'),
  );
  const affected = wrongCalls;
  const where = placeOf(cells, carrying, affected);
  const subject: Subject = { kind: 'hop', caller, callee };
  const fact: ContractFact = {
    kind: FACTS[kind],
    headers: headers.map((header) => detailOf(header, cells)),
    share: { calls: affected.size, of: Math.max(carrying.length, affected.size) },
    ...(where !== undefined && { where }),
  };
  const isTracer = headers.some((header) => view.kinds[headerOf(header).family] === 'tracer');
  return contractFinding({
    code,
    severity: severityOf(first, required),
    causes,
    subject,
    facts: {
      expected:
        kind === 'invented'
          ? { kind: 'nothing-added', caller, callee }
          : { kind: 'headers-forwarded', caller, callee, headers, how: isTracer ? 'tracer' : 'pass-through' },
      received: fact,
      ...(kind === 'lost' && {
        remedy: { kind: 'forward-headers', caller, callee, headers, ...(stack !== undefined && { stack }) } as const,
      }),
    },
    affected: affected.size,
    of: carrying.length,
    requests: cells.map(({ exchange }) => exchange),
  });
}

const FACTS = {
  lost: 'headers-lost',
  changed: 'headers-changed',
  invented: 'headers-invented',
  foreign: 'headers-foreign',
} as const satisfies Record<Diagnosis['kind'], string>;

function detailOf(name: string, cells: readonly WrongCell[]): Detail {
  const own = cells.filter(({ header }) => header === name);
  const [first] = own;
  const everyForm = new Set(own.map(({ form }) => form));
  return {
    name,
    // Where every form is affected, none is worth naming.
    ...(first?.form !== undefined && everyForm.size === 1 && { form: first.form }),
    ...(first?.how !== undefined && { how: first.how }),
    ...(first?.outcome === 'restarted' && { how: 'other-trace' }),
    ...(first?.outcome === 'unchanged' && { how: 'malformed-kept' }),
    sent: first?.sent.join(', ') ?? '',
    ...(first !== undefined && first.got.length > 0 && { got: first.got.join(', ') }),
    calls: new Set(own.map(({ call }) => call.number)).size,
  };
}

/** The one kind of call that is affected, where every other call of the same headers is right. */
function placeOf(
  cells: readonly WrongCell[],
  carrying: readonly JudgedCall[],
  affected: ReadonlySet<number>,
): Place | undefined {
  const right = carrying.filter(({ call }) => !affected.has(call.number));
  if (right.length === 0) return undefined;
  const [first] = cells;
  if (first?.after !== undefined && cells.every(({ after }) => after === first.after)) return first.after;
  if (cells.every(({ isLate }) => isLate) && right.every(({ isLate }) => !isLate)) return 'after-answer';
  const isKept = cells.every(({ call }) => call.before > 0) && right.every(({ call }) => call.before === 0);
  return isKept ? 'kept-connection' : undefined;
}
