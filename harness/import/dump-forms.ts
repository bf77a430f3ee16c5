import type { SpanId } from '../model/ids.ts';
import { onceOf } from '../model/once-of.ts';
import type { Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { type FormFinder, type TraceForm, TraceForms } from '../model/trace-form.ts';

/**
 * The forms of a dump's traces, so that what the form decides is asked of one trace of each. Each is found once: the
 * judgement of the capture, whose lists of spans are those of the dump, takes them from here.
 */
export class DumpForms implements FormFinder {
  readonly #finder = new TraceForms();
  readonly #forms: ReadonlyMap<readonly Span[], TraceForm>;

  constructor(traces: readonly Trace[]) {
    const forms = new Map<readonly Span[], TraceForm>();
    for (const { spans } of traces) {
      const form = this.#finder.of(spans);
      if (form !== undefined) forms.set(spans, form);
    }
    this.#forms = forms;
  }

  /** @param carriedParent the parent id that its request carried */
  of(spans: readonly Span[], carriedParent?: SpanId): TraceForm | undefined {
    const known = carriedParent === undefined ? this.#forms.get(spans) : undefined;
    return known ?? this.#finder.of(spans, carriedParent);
  }

  /** Asks of each form the first trace alone. */
  once<Answer>(ask: (trace: Trace) => Answer): (trace: Trace) => Answer {
    return onceOf(({ spans }) => this.#forms.get(spans), ask);
  }

  /** Of each form the first of these traces, and all that have none, with how many each stands for. */
  count(traces: readonly Trace[]): ReadonlyMap<Trace, number> {
    const counted = new Map<Trace, number>();
    const firsts = new Map<TraceForm, Trace>();
    for (const trace of traces) {
      const form = this.#forms.get(trace.spans);
      const first = (form && firsts.get(form)) ?? trace;
      if (form !== undefined) firsts.set(form, first);
      counted.set(first, (counted.get(first) ?? 0) + 1);
    }
    return counted;
  }
}
