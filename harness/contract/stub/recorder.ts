import type { ContractProtocol, Trouble, UpstreamCall } from '../../model/contract.ts';

/** What one stub saw of a call. */
export interface SeenCall {
  readonly upstream: string;
  readonly connection: number;
  readonly before: number;
  readonly protocol: ContractProtocol;
  readonly method: string;
  readonly path: string;
  readonly host?: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly stranger?: string;
}

/** A call that is being recorded, and what the stub is to do with it. */
export interface OpenCall {
  readonly trouble?: Trouble;
  /** The caller waited for so long and left. */
  gaveUp(afterMs: number): void;
}

/** What all stubs of a run write to: calls in order of arrival, and which request was under way. */
export class CallRecorder {
  readonly #now: () => number;
  readonly #calls: Mutable<UpstreamCall>[] = [];
  readonly #tls: string[] = [];
  readonly #listeners = new Set<() => void>();
  #during: string | undefined;
  #trouble: { readonly kind: Trouble; readonly upstream: string } | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** From now on calls arrive during this request; undefined: several are in flight. */
  during(exchange: string | undefined, trouble?: { readonly kind: Trouble; readonly upstream: string }): void {
    this.#during = exchange;
    this.#trouble = trouble;
  }

  add(call: SeenCall): OpenCall {
    const isTroubled = this.#trouble?.upstream === call.upstream && call.stranger === undefined;
    const trouble = isTroubled ? this.#trouble?.kind : undefined;
    // The first call alone: what follows is a retry, which is answered.
    if (isTroubled) this.#trouble = undefined;
    const recorded: Mutable<UpstreamCall> = {
      ...call,
      headers: call.headers.map(([name, value]) => [name, value] as [string, string]),
      number: this.#calls.length + 1,
      arrivedMs: this.#now(),
      ...(this.#during !== undefined && { during: this.#during }),
      ...(trouble !== undefined && { trouble }),
    };
    this.#calls.push(recorded);
    for (const listener of this.#listeners) listener();
    return {
      ...(trouble !== undefined && { trouble }),
      gaveUp: (afterMs) => {
        recorded.gaveUpMs = afterMs;
      },
    };
  }

  greetedWithTls(upstream: string): void {
    if (!this.#tls.includes(upstream)) this.#tls.push(upstream);
  }

  get calls(): readonly UpstreamCall[] {
    return this.#calls;
  }

  get tls(): readonly string[] {
    return this.#tls;
  }

  countDuring(exchange: string): number {
    return this.#calls.filter(({ during }) => during === exchange).length;
  }

  /** Calls back on each arrival, until the returned function is called. */
  onCall(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
