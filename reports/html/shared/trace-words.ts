import type { SettleReason } from '../../../harness/model/capture.ts';
import type { SpanMark, TraceState } from '../../../harness/model/detail.ts';
import type { ProbePurpose } from '../../../harness/model/exchange.ts';
import { keepTogether } from '../../characters/keep-together.ts';
import { safeText } from '../../characters/safe-text.ts';
import { type Child, h } from './element.ts';

export const STATE_WORDS: Readonly<Record<TraceState, string>> = {
  whole: 'whole',
  broken: 'broken',
  unwanted: 'should not exist',
  trial: 'tries another format',
  open: 'did not settle',
};

/** Beside the colour, so that a reader does not need the colour. */
export const STATE_SIGNS: Readonly<Record<TraceState, string>> = {
  whole: '✓',
  broken: '✗',
  unwanted: '✗',
  trial: '·',
  open: '?',
};

/** What a run should not have. */
export function isWrong(state: TraceState): boolean {
  return state === 'broken' || state === 'unwanted';
}

export const MARK_WORDS: Readonly<Record<SpanMark, string>> = {
  entry: 'entry',
  'second-entry': 'a second entry',
  orphan: 'orphan: its parent is not in the trace',
  'self-parent': 'names itself as parent',
  duplicate: 'same id and kind as another span',
  cycle: 'on a circle of parents',
};

/** What is wrong with a span's place; to be the entry is right. */
export function wrongMarks(marks: readonly SpanMark[]): readonly SpanMark[] {
  return marks.filter((mark) => mark !== 'entry');
}

/** `trace-p001`: the trace's place in the page, and in its address. */
export function traceAnchor(probe: string): string {
  return `trace-${probe}`;
}

export const PURPOSE_WORDS: Readonly<Record<ProbePurpose, string>> = {
  'forced-on': 'forced on',
  'forced-off': 'forced off',
  undecided: 'undecided',
};

/** Why a trace counts as complete, or does not. @param graceMs from the last answer to the read that it rests on, ms */
export function settledInWords(reason: SettleReason, graceMs: number): string {
  switch (reason) {
    case 'expected-set':
      return 'complete: every expected span is there';
    case 'quiet':
      return `complete: no new span came up to ${Number((graceMs / 1000).toPrecision(2))} s or more after the last answer`;
    case 'absent':
      return 'no span arrived, although later control probes did';
    case 'imported':
      return 'taken from a dump as final';
    case 'deadline':
      return 'not complete when waiting ended';
  }
}

/** Text from outside, cut, and kept apart from ours whatever direction it runs in. */
export function foreign(text: string): Child {
  return h('bdi', {}, safeText(text));
}

/** Names of headers and options: a line must not end in the middle of one. */
const NAMES = /((?<![\w-])(?:x-|--)[a-z0-9-]{2,40}(?![\w-]))/;

/** A sentence with text from outside in it: as {@link foreign}, no number parted from its unit, no header broken. */
export function prose(text: string): Child {
  const parts = keepTogether(safeText(text)).split(NAMES);
  return h(
    'bdi',
    {},
    parts.map((part, index) => (index % 2 === 1 ? h('span', { class: 'whole' }, part) : part)),
  );
}

/** `s0` … `s7`: the colour of a service by its place in the definition. */
export function serviceClass(services: readonly string[], service: string): string {
  return `s${Math.max(0, services.indexOf(service)) % 8}`;
}

/** `v0` … `v5`: colour and shape of a version by its place; `vx` where it is not known. */
export function versionClass(versions: readonly string[], version: string | undefined): string {
  const at = version === undefined ? -1 : versions.indexOf(version);
  return at < 0 ? 'vx' : `v${at % 6}`;
}
