import type { SpanId } from '../model/ids.ts';
import { onceOf } from '../model/once-of.ts';
import type { Trace } from '../model/trace.ts';
import { type TraceForm, TraceForms } from '../model/trace-form.ts';

/** The forms of a dump's traces, so that what the form decides is asked of one trace of each. */
export class DumpForms {
  readonly #finder = new TraceForms();
  readonly #forms: ReadonlyMap<Trace, TraceForm>;

  constructor(traces: readonly Trace[]) {
    const forms = new Map<Trace, TraceForm>();
    for (const trace of traces) {
      const form = this.#finder.of(trace.spans);
      if (form !== undefined) forms.set(trace, form);
    }
    this.#forms = forms;
  }

  /** @param carriedParent the parent id that its request carried */
  of(trace: Trace, carriedParent?: SpanId): TraceForm | undefined {
    return carriedParent === undefined ? this.#forms.get(trace) : this.#finder.of(trace.spans, carriedParent);
  }

  /** Asks of each form the first trace alone. */
  once<Answer>(ask: (trace: Trace) => Answer): (trace: Trace) => Answer {
    return onceOf((trace) => this.#forms.get(trace), ask);
  }

  /** Of each form the first of these traces, and all that have none, with how many each stands for. */
  count(traces: readonly Trace[]): ReadonlyMap<Trace, number> {
    const counted = new Map<Trace, number>();
    const firsts = new Map<TraceForm, Trace>();
    for (const trace of traces) {
      const form = this.#forms.get(trace);
      const first = (form && firsts.get(form)) ?? trace;
      if (form !== undefined) firsts.set(form, first);
      counted.set(first, (counted.get(first) ?? 0) + 1);
    }
    return counted;
  }
}
