import type { CapturePart } from '../capture/part.ts';
import type { Capture, Fragment, Incident, Preflight, Timings } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import { type Entry, toSettledTrace } from '../settle/entry.ts';
import type { RunContext } from './context.ts';
import { NO_PREFLIGHT } from './context.ts';

/** What one run has collected so far; each part is written as soon as it is known. */
export class RunLog {
  readonly exchanges: Exchange[] = [];
  preflight: Preflight = NO_PREFLIGHT;
  timings: Timings;
  readonly #head: RunContext['head'];
  readonly #onPart: (part: CapturePart) => void;
  readonly #traces: Capture['traces'][number][] = [];
  readonly #fragments: Fragment[] = [];
  #changes: Capture['changes'];
  readonly #incidents = new Map<string, Incident>();

  constructor({ head, input }: RunContext) {
    this.#head = head;
    this.#onPart = input.onPart ?? (() => undefined);
    this.timings = {
      preflightMs: 0,
      probeMs: 0,
      settleMs: 0,
      polls: 0,
      backendCalls: 0,
      graceMs: input.settings.flushMs.value,
    };
    this.#onPart({ type: 'head', head });
  }

  preflighted(preflight: Preflight): void {
    this.preflight = preflight;
    this.#onPart({ type: 'preflight', preflight });
  }

  exchange(exchange: Exchange): void {
    this.exchanges.push(exchange);
    this.#onPart({ type: 'exchange', exchange });
  }

  trace(entry: Entry): void {
    const trace = toSettledTrace(entry);
    this.#traces.push(trace);
    this.#onPart({ type: 'trace', trace });
  }

  fragment(fragment: Fragment): void {
    this.#fragments.push(fragment);
    this.#onPart({ type: 'fragment', fragment });
  }

  changes(changes: NonNullable<Capture['changes']>): void {
    this.#changes = changes;
    this.#onPart({ type: 'changes', changes });
  }

  /** As a capture, before its end. */
  soFar(): Capture {
    return this.#capture([...this.#incidents.values()], this.timings, 'complete');
  }

  /** The same trouble again is counted, not repeated. */
  incident(incident: Incident): void {
    const key = `${incident.code} ${incident.during} ${incident.message}`;
    const before = this.#incidents.get(key);
    this.#incidents.set(key, { ...incident, times: (before?.times ?? 0) + incident.times });
  }

  end(end: Exclude<Capture['end'], 'cut'>, backendCalls: number): Capture {
    const incidents = [...this.#incidents.values()];
    for (const incident of incidents) this.#onPart({ type: 'incident', incident });
    const timings = { ...this.timings, backendCalls };
    this.#onPart({ type: 'end', end, timings });
    return this.#capture(incidents, timings, end);
  }

  #capture(incidents: readonly Incident[], timings: Timings, end: Capture['end']): Capture {
    return {
      ...this.#head,
      preflight: this.preflight,
      exchanges: this.exchanges,
      traces: this.#traces,
      fragments: this.#fragments,
      incidents,
      ...(this.#changes !== undefined && { changes: this.#changes }),
      timings,
      end,
    };
  }
}
