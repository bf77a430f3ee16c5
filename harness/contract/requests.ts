import type { Clock } from '../model/clock.ts';
import { type ContractCapture, type ContractExchange, TROUBLES, type Trouble } from '../model/contract.ts';
import type { RandomHex } from '../model/random-ids.ts';
import type { Caller } from './caller/caller.ts';
import { createCaller } from './caller/create-caller.ts';
import { FORMS } from './judge/forms.ts';
import { newIdentity, type Pairs, usualHeaders } from './judge/identity.ts';
import type { ContractSettings } from './settings.ts';
import type { CallRecorder } from './stub/recorder.ts';

/** What a run of contract mode has of the world. */
export interface ContractWorld {
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly signal: AbortSignal;
  /** Environment of the service, beside `--env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hopcheck: string;
  /** What goes on, a few words. */
  readonly progress?: (what: string) => void;
}

/** What was sent, and how long each part took. */
export type Sent = {
  readonly exchanges: ContractExchange[];
  readonly timings: Omit<ContractCapture['timings'], 'startMs'>;
};

/** How often a request with every header is sent alone. The first may be slow, because much is loaded by it. */
const ALONE = 3;
/** After the answers of these, for calls that come later. */
const QUIET_MS = 150;

/** The requests of one run, in their order: alone, the table of value forms, many at once, upstreams with trouble. */
export class ContractDrive {
  readonly #settings: ContractSettings;
  readonly #world: ContractWorld;
  readonly #recorder: CallRecorder;
  readonly #exchanges: ContractExchange[] = [];
  /** Calls of a request alone, and how long after its answer the last of them came. */
  #usual = 0;
  #lateMs = 0;

  constructor(settings: ContractSettings, world: ContractWorld, recorder: CallRecorder) {
    this.#settings = settings;
    this.#world = world;
    this.#recorder = recorder;
  }

  async run(): Promise<Sent> {
    const began = this.#world.clock.now();
    const caller = this.#caller(1);
    let isolationMs = 0;
    let troubleMs = 0;
    let holdMs = 0;
    try {
      await this.#alone(caller);
      const isCalling = this.#usual > 0;
      if (isCalling && !this.#world.signal.aborted) await this.#forms(caller);
      const formsMs = this.#world.clock.now() - began;
      if (isCalling) {
        isolationMs = await this.#timed(() => this.#isolation());
        for (const kind of TROUBLES.filter((one) => one !== 'hold'))
          troubleMs += await this.#timed(() => this.#troubled(caller, kind));
        if (this.#settings.holdMs > 0) holdMs = await this.#timed(() => this.#troubled(caller, 'hold'));
      }
      return { exchanges: this.#exchanges, timings: { formsMs, isolationMs, troubleMs, holdMs } };
    } finally {
      caller.close();
    }
  }

  async #timed(part: () => Promise<void>): Promise<number> {
    const { clock, signal } = this.#world;
    const began = clock.now();
    if (!signal.aborted) await part();
    return clock.now() - began;
  }

  #caller(connections: number) {
    const { service, timeoutMs, holdMs } = this.#settings;
    // A service may wait for its upstream as long as the stub holds it.
    return createCaller({ ...service, timeoutMs: timeoutMs + holdMs, connections });
  }

  async #alone(caller: Caller): Promise<void> {
    const { clock, signal } = this.#world;
    for (let time = 0; time < ALONE && !signal.aborted; time += 1) {
      const { id, answeredMs } = await this.#send(caller, this.#every(), { phase: 'alone' }, false);
      await this.#untilQuiet();
      const calls = this.#recorder.calls.filter(({ during }) => during === id);
      this.#usual = Math.max(this.#usual, calls.length);
      const last = calls.at(-1);
      if (last !== undefined && answeredMs !== undefined)
        this.#lateMs = Math.max(this.#lateMs, last.arrivedMs - answeredMs);
      // What is not there at all need not be asked again.
      if (answeredMs === undefined && calls.length === 0) return;
    }
    await clock.sleep(0, signal).catch(() => undefined);
  }

  #every(): Pairs {
    return usualHeaders(this.#settings.watched, newIdentity(this.#world.random));
  }

  /** Until no call has come for a while. */
  async #untilQuiet(): Promise<void> {
    const { clock, signal } = this.#world;
    const quietMs = this.#settings.quietMs ?? QUIET_MS;
    let last = clock.now();
    const off = this.#recorder.onCall(() => {
      last = clock.now();
    });
    for (let left = quietMs; left > 0 && !signal.aborted; left = quietMs - (clock.now() - last))
      await clock.sleep(left, signal).catch(() => undefined);
    off();
  }

  async #forms(caller: Caller): Promise<void> {
    this.#world.progress?.('the table of value forms');
    const isHttp1 = this.#settings.service.protocol === 'http/1.1';
    for (const form of FORMS) {
      if (this.#world.signal.aborted) return;
      if (form.isHttp1Only && !isHttp1) continue;
      await this.#send(caller, form.headers(newIdentity(this.#world.random)), { phase: 'forms', form: form.id });
    }
    // One format at a time, and what the table has no row for.
    for (const headers of this.#lone())
      if (!this.#world.signal.aborted) await this.#send(caller, headers, { phase: 'forms' });
  }

  /** Headers that no row of the table is about, each alone. */
  #lone(): readonly Pairs[] {
    const inTable = new Set(FORMS.map(({ header }) => header));
    return this.#settings.watched
      .filter((name) => !inTable.has(name))
      .map((name) => usualHeaders([name], newIdentity(this.#world.random)));
  }

  async #isolation(): Promise<void> {
    const { isolation, inFlight } = this.#settings;
    if (isolation === 0) return;
    this.#world.progress?.(`${isolation} requests, ${inFlight} at a time`);
    const caller = this.#caller(inFlight);
    let left = isolation;
    const worker = async (): Promise<void> => {
      while (left > 0 && !this.#world.signal.aborted) {
        left -= 1;
        await this.#exchange(caller, this.#every(), { phase: 'isolation' });
      }
    };
    this.#recorder.during(undefined);
    await Promise.all(Array.from({ length: Math.min(inFlight, isolation) }, worker));
    await this.#untilQuiet();
    caller.close();
  }

  async #troubled(caller: Caller, kind: Trouble): Promise<void> {
    if (kind === 'hold') this.#world.progress?.('upstreams that do not answer');
    for (const { name } of this.#settings.upstreams) {
      if (this.#world.signal.aborted) return;
      await this.#send(caller, this.#every(), { phase: 'trouble', trouble: { kind, upstream: name } }, false);
      await this.#untilQuiet();
    }
  }

  /** Sends one request and waits for its answer and its calls. @param settle false: the caller waits by itself. */
  async #send(
    caller: Caller,
    headers: Pairs,
    about: Pick<ContractExchange, 'phase' | 'form' | 'trouble'>,
    settle = true,
  ): Promise<ContractExchange> {
    const exchange = await this.#exchange(caller, headers, about, true);
    if (settle) await this.#awaitLate(exchange.id);
    return exchange;
  }

  /** Only for a service that makes calls after its answer. */
  async #awaitLate(exchange: string): Promise<void> {
    const { clock, signal } = this.#world;
    if (this.#lateMs <= 0) return;
    const until = clock.now() + this.#lateMs * 3 + 50;
    while (!signal.aborted && clock.now() < until && this.#recorder.countDuring(exchange) < this.#usual)
      await clock.sleep(5, signal).catch(() => undefined);
  }

  async #exchange(
    caller: Caller,
    headers: Pairs,
    about: Pick<ContractExchange, 'phase' | 'form' | 'trouble'>,
    isAlone = false,
  ): Promise<ContractExchange> {
    const { clock, signal } = this.#world;
    const id = `c${String(this.#exchanges.length + 1).padStart(3, '0')}`;
    if (isAlone) this.#recorder.during(id, about.trouble);
    const sentMs = clock.now();
    const slot = this.#exchanges.length;
    const begun: ContractExchange = { id, ...about, headers: headers.map(([name, value]) => [name, value]), sentMs };
    this.#exchanges.push(begun);
    const answer = await caller.send(headers, signal);
    const done = { ...begun, ...answer, ...(answer.status !== undefined && { answeredMs: clock.now() }) };
    this.#exchanges[slot] = done;
    return done;
  }
}
