import { h } from '../shared/element.ts';
import { count, duration } from '../shared/format.ts';
import type { ShownRun, ShownTrace } from '../shared/shown.ts';
import { foreign, STATE_SIGNS, STATE_WORDS } from '../shared/trace-words.ts';
import { element } from './dom.ts';
import { toNodes } from './mount.ts';

const ROW_HEIGHT = 34;
/** Rows drawn above and below what is seen. */
const SPARE = 6;

/**
 * A list of any length of which only the rows in view exist (ARIA listbox). Arrow keys, Page Up and Down, Home and End
 * move the choice, and so does a click; each move calls `onChoose`.
 */
export class TraceList {
  readonly #box: HTMLElement;
  readonly #onChoose: (trace: ShownTrace) => void;
  #traces: readonly ShownTrace[];
  /** -1: what is shown is not among these. */
  #chosen = 0;
  #shown: ShownTrace | undefined;

  constructor(host: Element, run: ShownRun, onChoose: (trace: ShownTrace) => void) {
    this.#traces = run.traces;
    this.#onChoose = onChoose;
    host.append(
      toNodes(
        h(
          'div',
          { id: 'trace-list', role: 'listbox', tabindex: 0, 'aria-label': 'Traces' },
          h('div', { class: 'rows' }),
        ),
      ),
    );
    this.#box = element('#trace-list', host);
    this.#box.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    this.#box.addEventListener('click', (event) => {
      const row = (event.target as Element).closest<HTMLElement>('[role=option]');
      if (row !== null) this.#choose(Number(row.dataset.at));
    });
    new ResizeObserver(() => this.#draw()).observe(this.#box);
  }

  /** Shows these, and keeps the choice where it is among them. */
  show(traces: readonly ShownTrace[]): void {
    this.#traces = traces;
    this.#chosen = this.#shown === undefined ? -1 : traces.indexOf(this.#shown);
    this.#box.scrollTop = 0;
    this.#reveal();
    this.#draw();
  }

  /** Marks the trace as chosen without an event. */
  mark(trace: ShownTrace): void {
    this.#shown = trace;
    this.#chosen = this.#traces.indexOf(trace);
    this.#reveal();
    this.#draw();
  }

  #choose(at: number): void {
    this.#chosen = Math.max(0, Math.min(this.#traces.length - 1, at));
    this.#reveal();
    this.#draw();
    const trace = this.#traces[this.#chosen];
    if (trace === undefined) return;
    this.#shown = trace;
    this.#onChoose(trace);
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.#box.clientHeight / ROW_HEIGHT) - 1);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: this.#chosen + 1,
      ArrowUp: this.#chosen - 1,
      PageDown: this.#chosen + page,
      PageUp: this.#chosen - page,
      Home: 0,
      End: this.#traces.length - 1,
    };
    const at = to[event.key];
    if (at === undefined) return;
    event.preventDefault();
    this.#choose(at);
  }

  #reveal(): void {
    if (this.#chosen < 0) return;
    const top = this.#chosen * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.#box;
    if (top < scrollTop) this.#box.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + clientHeight) this.#box.scrollTop = top + ROW_HEIGHT - clientHeight;
  }

  #draw(): void {
    const rows = element<HTMLElement>('.rows', this.#box);
    rows.style.height = `${this.#traces.length * ROW_HEIGHT}px`;
    const first = Math.max(0, Math.floor(this.#box.scrollTop / ROW_HEIGHT) - SPARE);
    const last = Math.min(
      this.#traces.length,
      Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / ROW_HEIGHT) + SPARE,
    );
    rows.replaceChildren(
      toNodes(this.#traces.slice(first, last).map((trace, index) => this.#row(trace, first + index))),
    );
    for (const [index, row] of [...rows.children].entries())
      (row as HTMLElement).style.transform = `translateY(${(first + index) * ROW_HEIGHT}px)`;
    const active = this.#chosen >= first && this.#chosen < last && this.#traces.length > 0;
    if (active) this.#box.setAttribute('aria-activedescendant', `option-${this.#chosen}`);
    else this.#box.removeAttribute('aria-activedescendant');
  }

  #row({ probe, state, version, spans, fragments, durationMicros }: ShownTrace, at: number) {
    const others = fragments.reduce((sum, fragment) => sum + fragment.spans.length, 0);
    return h(
      'div',
      {
        id: `option-${at}`,
        role: 'option',
        class: `option ${state}`,
        'aria-selected': String(at === this.#chosen),
        'aria-setsize': this.#traces.length,
        'aria-posinset': at + 1,
        'data-at': at,
      },
      h('span', { class: 'sign', title: STATE_WORDS[state] }, STATE_SIGNS[state]),
      h('b', {}, probe),
      h('span', {}, version === undefined ? '' : foreign(version)),
      h(
        'span',
        { class: 'faint', title: others === 0 ? undefined : `${others} more under another trace id` },
        others === 0 ? count(spans.length, 'span') : `${spans.length}+${count(others, 'span')}`,
      ),
      h('span', { class: 'number' }, duration(durationMicros)),
    );
  }
}
