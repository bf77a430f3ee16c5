import { type HopFact, readHop } from './hop-fact.ts';
import type { DiagnosisInput, ExaminedRequest, RequestKind } from './request.ts';

/** A fact, and how many calls of the run it is of. */
export interface CountedFact {
  readonly fact: HopFact;
  readonly calls: number;
}

interface SoundKind {
  /** Of the first request. */
  readonly facts: readonly HopFact[];
  readonly requests: number;
}

/**
 * What became of the context at every hop of every request, in their order. A run has hundreds of thousands of them. Those of
 * requests of one kind in which nothing is wrong are made when they are asked for, each time anew.
 */
export class HopFacts implements Iterable<HopFact> {
  readonly #input: DiagnosisInput;
  /** By request, its facts; undefined: it is sound, and like others. */
  readonly #own: readonly (readonly HopFact[] | undefined)[];
  readonly #sound: ReadonlyMap<RequestKind, SoundKind>;
  readonly #further: readonly HopFact[];

  private constructor(
    input: DiagnosisInput,
    own: readonly (readonly HopFact[] | undefined)[],
    sound: ReadonlyMap<RequestKind, SoundKind>,
    further: readonly HopFact[],
  ) {
    this.#input = input;
    this.#own = own;
    this.#sound = sound;
    this.#further = further;
  }

  static of(input: DiagnosisInput): HopFacts {
    const sound = new Map<RequestKind, { readonly facts: readonly HopFact[]; requests: number }>();
    const others = new Set<RequestKind>();
    const own = input.requests.map((request) => {
      const { kind } = request;
      const known = kind && sound.get(kind);
      if (known !== undefined) {
        known.requests += 1;
        return undefined;
      }
      const facts = request.hops.map((hop) => readHop(hop, request, input));
      if (kind === undefined || others.has(kind)) return facts;
      if (!isSoundRequest(request, facts)) {
        others.add(kind);
        return facts;
      }
      sound.set(kind, { facts, requests: 1 });
      return undefined;
    });
    return new HopFacts(input, own, sound, []);
  }

  /** With facts of parts below breaks. */
  with(further: readonly HopFact[]): HopFacts {
    return new HopFacts(this.#input, this.#own, this.#sound, [...this.#further, ...further]);
  }

  /** Without those of sound requests that are like others. */
  get ofOthers(): readonly HopFact[] {
    return [...this.#own.flatMap((facts) => facts ?? []), ...this.#further];
  }

  /** Of sound requests that are like others, those of the first with their number. */
  *counted(): Iterable<CountedFact> {
    for (const { facts, requests } of this.#sound.values()) for (const fact of facts) yield { fact, calls: requests };
    for (const facts of this.#own) if (facts !== undefined) for (const fact of facts) yield { fact, calls: 1 };
    for (const fact of this.#further) yield { fact, calls: 1 };
  }

  *[Symbol.iterator](): Iterator<HopFact> {
    const input = this.#input;
    for (const [at, request] of input.requests.entries()) {
      const facts = this.#own[at];
      if (facts !== undefined) yield* facts;
      else for (const hop of request.hops) yield readHop(hop, request, input);
    }
    yield* this.#further;
  }

  filter(is: (fact: HopFact) => boolean): readonly HopFact[] {
    const found: HopFact[] = [];
    for (const fact of this) if (is(fact)) found.push(fact);
    return found;
  }

  some(is: (fact: HopFact) => boolean): boolean {
    for (const fact of this) if (is(fact)) return true;
    return false;
  }
}

/** True: the call is in its place, and so are both spans of it. */
export function isSound({ context, requestId, hop }: HopFact): boolean {
  return context === 'kept' && requestId !== 'lost' && hop.half === undefined;
}

/** Nothing was looked for outside of the trace, and no span is without its parent. */
function isSoundRequest({ assembly }: ExaminedRequest, facts: readonly HopFact[]): boolean {
  return assembly.orphans.length === 0 && facts.every((fact) => isSound(fact) && fact.call === undefined);
}
