import type { FindingCode } from '../../model/codes.ts';
import type { UpstreamCall } from '../../model/contract.ts';
import type { Cause } from '../../model/finding.ts';
import type { HeaderCell } from './classify.ts';
import { headerOf } from './headers.ts';

/** A cell that is not as it may be, and where it was seen. */
export interface WrongCell extends HeaderCell {
  readonly call: UpstreamCall;
  readonly exchange: string;
  /** The value form, in words. */
  readonly form?: string;
  readonly isLate: boolean;
  /** A call that followed one that was not answered. */
  readonly after?: 'retry' | 'redirect';
}

/** Headers that carry the ids of a trace: without one of them the trace ends. */
const CONTEXT = new Set(['traceparent', 'x-b3-traceid', 'x-b3-spanid', 'b3']);

export type WrongKind = 'lost' | 'changed' | 'invented' | 'foreign';

export interface Diagnosis {
  readonly code: FindingCode;
  readonly kind: WrongKind;
  readonly causes: readonly Cause[];
}

/**
 * Code and causes of a wrong cell. Headers that are lost together at one hop are one finding, with the code of the worst loss.
 * @param lost every header that is lost at this hop.
 */
export function diagnose(cell: HeaderCell, lost: ReadonlySet<string>): Diagnosis {
  switch (cell.outcome) {
    case 'dropped':
      return ofLoss(lost);
    case 'foreign':
      return { code: 'HC504', kind: 'foreign', causes: ['context-reused'] };
    case 'invented':
      return {
        code: 'HC523',
        kind: 'invented',
        causes: [isDecision(cell.header) ? 'sampled-changed' : 'header-invented'],
      };
    case 'restarted':
      return { code: 'HC502', kind: 'changed', causes: ['trace-restarted'] };
    default:
      return ofChange(cell);
  }
}

function ofLoss(lost: ReadonlySet<string>): Diagnosis {
  if ([...lost].some((name) => CONTEXT.has(name))) return { code: 'HC501', kind: 'lost', causes: ['context-dropped'] };
  if (lost.has('x-request-id')) return { code: 'HC507', kind: 'lost', causes: ['request-id-dropped'] };
  return { code: 'HC521', kind: 'lost', causes: ['header-dropped'] };
}

function ofChange({ header, how }: HeaderCell): Diagnosis {
  const carriesTrace = ['w3c', 'b3', 'b3-single'].includes(headerOf(header).family);
  if (how === 'truncated' && carriesTrace && header !== 'tracestate')
    return { code: 'HC503', kind: 'changed', causes: ['id-truncated'] };
  if (how === 'parent-as-span' || how === 'same-span')
    return { code: 'HC505', kind: 'changed', causes: ['parent-wrong'] };
  if (how === 'other-trace') return { code: 'HC502', kind: 'changed', causes: ['trace-restarted'] };
  if (how === 'sampled-changed') return { code: 'HC522', kind: 'changed', causes: ['sampled-changed'] };
  if (header === 'x-request-id' && how === 'other-value')
    return { code: 'HC507', kind: 'changed', causes: ['request-id-dropped'] };
  return { code: 'HC522', kind: 'changed', causes: ['header-changed'] };
}

function isDecision(header: string): boolean {
  return header === 'x-b3-sampled' || header === 'x-b3-flags';
}
