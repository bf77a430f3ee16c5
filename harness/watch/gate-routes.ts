import { safeText } from '../../reports/characters/safe-text.ts';
import { standingText } from '../../reports/text/watch.ts';
import type { Clock } from '../model/clock.ts';
import { shownStartMs } from '../model/watch.ts';
import { type Answer, type Asked, json, line } from './answer.ts';
import { type Held, readQuestion } from './question.ts';
import { GATE_STATUS, ROLLBACK_STATUS } from './state/gate.ts';
import { type Standing, standingOf } from './state/standing.ts';
import type { Watch } from './watch.ts';

export const WATCH_VERDICT_SCHEMA = 'hopcheck/watch-verdict@1';

/** Characters of an answer; a sentence may quote names from traces. */
const LONGEST_LINE = 1000;

/** Callers that may be held at once; further ones are answered at once. */
const MOST_HELD = 100;

/** The routes that answer where the mesh stands, without a token: `/gate` for those that read the status, `/verdict` for those that read JSON. */
export class GateRoutes {
  readonly #watch: Watch;
  readonly #clock: Clock;
  #held = 0;

  constructor(watch: Watch, clock: Clock) {
    this.#watch = watch;
    this.#clock = clock;
  }

  /** GET and POST alike: Flagger posts a description of its canary, which says nothing that is needed. */
  gate(asked: Asked): Promise<Answer> {
    return this.#byStatus(asked, GATE_STATUS);
  }

  /** The same for a hook that asks whether to undo a deploy. */
  rollback(asked: Asked): Promise<Answer> {
    return this.#byStatus(asked, ROLLBACK_STATUS);
  }

  async #byStatus(asked: Asked, statuses: typeof GATE_STATUS): Promise<Answer> {
    const question = readQuestion(asked.query);
    if ('status' in question) return question;
    const standing = await this.#standing(question, asked.signal);
    const status = statuses[standing.name];
    const again: Record<string, string> = status === 503 ? { 'retry-after': String(standing.retryAfterS) } : {};
    return line(status, textOf(standing, question), again);
  }

  /** Always 200 with every field: Argo's web metric takes another status for an error, and an absent field for none. */
  async verdict(asked: Asked): Promise<Answer> {
    const question = readQuestion(asked.query);
    if ('status' in question) return question;
    const standing = await this.#standing(question, asked.signal);
    const { name, run, ageMs = -1000 } = standing;
    const { alerts } = this.#watch.state();
    return json(200, {
      schema: WATCH_VERDICT_SCHEMA,
      verdict: name,
      sentence: textOf(standing, question),
      started: run === undefined ? '' : new Date(shownStartMs(run)).toISOString(),
      age: Math.round(ageMs) / 1000,
      codes: run?.codes ?? [],
      hop: run?.hop ?? '',
      run: run?.id ?? '',
      alerts,
      retryAfter: standing.retryAfterS,
    });
  }

  /** Held until a run that counts has ended, the time is over, or the caller has gone. */
  async #standing(question: Held, gone: AbortSignal): Promise<Standing> {
    const untilMs = this.#clock.now() + question.waitMs;
    let standing = standingOf(this.#watch.state(), question);
    if (question.waitMs === 0 || this.#held >= MOST_HELD) return standing;
    this.#held += 1;
    const over = new AbortController();
    const leave = () => over.abort();
    gone.addEventListener('abort', leave);
    void this.#clock.sleep(question.waitMs, over.signal).then(leave, () => undefined);
    try {
      while (isOpen(standing) && !over.signal.aborted && !gone.aborted && this.#clock.now() < untilMs) {
        await this.#watch.ended(over.signal);
        standing = standingOf(this.#watch.state(), question);
      }
      return standing;
    } finally {
      this.#held -= 1;
      gone.removeEventListener('abort', leave);
      over.abort();
    }
  }
}

/** Another run may bring an answer. A run that could not decide is one. */
function isOpen({ name }: Standing): boolean {
  return name === 'none' || name === 'stale';
}

function textOf({ name, run, ageMs }: Standing, { sinceMs, promise }: Held): string {
  const asked = {
    hasSince: sinceMs !== undefined,
    ...(ageMs !== undefined && { ageMs }),
    ...(promise !== undefined && { promise }),
  };
  return safeText(standingText(name, run, asked), LONGEST_LINE);
}
