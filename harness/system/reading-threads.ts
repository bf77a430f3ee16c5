import { parentPort, Worker } from 'node:worker_threads';

/** Two: on two cores the thread that reads and splits a file has little to do. */
const THREADS = 2;
/** Questions that are on their way, so that each thread finds the next one when it is done. */
const MOST_UNDER_WAY = 2 * THREADS;
/** A thread makes hardly any objects that stay in use. */
const YOUNG_MIB = 4;

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread, which answers in the order of what it was given. */
class ReadingThread<Own> {
  readonly own: Own;
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];

  constructor(module: URL, own: Own) {
    this.own = own;
    this.#worker = startThread(module);
    this.#worker.on('message', (answer: unknown) => this.#waiting.shift()?.resolve(answer as never));
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  async ask<Answer>(question: unknown, moved: ArrayBuffer): Promise<Answer> {
    return await new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(question, [moved]);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Two threads that take turns. They are started with the first question. */
export class ReadingThreads<Own> {
  readonly #module: URL;
  readonly #makeOwn: () => Own;
  #threads: readonly ReadingThread<Own>[] = [];
  #next = 0;
  #underWay = 0;

  /**
   * @param module what a thread runs, which calls {@link answerWith}
   * @param makeOwn what this side keeps for each thread, to understand its answers
   */
  constructor(module: URL, makeOwn: () => Own) {
    this.#module = module;
    this.#makeOwn = makeOwn;
  }

  /** False: an answer has to be taken first. */
  get hasRoom(): boolean {
    return this.#underWay < MOST_UNDER_WAY;
  }

  /** A queue of questions of one kind. All queues share the threads. */
  queue<Question, Answer, Taken>(read: (answer: Answer, own: Own) => Taken): ReadingQueue<Question, Taken> {
    const taken: Promise<Taken>[] = [];
    return {
      hand: (question, moved) => {
        this.#underWay += 1;
        const thread = this.#thread();
        const answer = thread.ask<Answer>(question, moved).then((given) => read(given, thread.own));
        // Its error is one of the turn when it is taken.
        answer.catch(() => undefined);
        taken.push(answer);
      },
      take: async () => {
        const first = taken.shift();
        if (first !== undefined) this.#underWay -= 1;
        return await first;
      },
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  #thread(): ReadingThread<Own> {
    if (this.#threads.length === 0)
      this.#threads = Array.from({ length: THREADS }, () => new ReadingThread(this.#module, this.#makeOwn()));
    const thread = this.#threads[this.#next % THREADS] as ReadingThread<Own>;
    this.#next += 1;
    return thread;
  }
}

/** Gives answers back in the order of their questions. */
export interface ReadingQueue<Question, Taken> {
  /** @param moved memory of the question, which goes to the thread */
  hand(question: Question, moved: ArrayBuffer): void;
  /** The answer to the first question; undefined: none is under way. @throws what went wrong in the thread */
  take(): Promise<Taken | undefined>;
}

/** A thread that runs a module of {@link moduleBeside}. */
export function startThread(module: URL): Worker {
  return new Worker(module, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
}

/**
 * A module that a thread runs: beside the one that starts it, in a checkout and in the package.
 * @param url that of the module that starts it
 */
export function moduleBeside(url: string, name: string): URL {
  return new URL(`${name}.${url.endsWith('.ts') ? 'ts' : 'js'}`, url);
}

/**
 * In the thread: answers each question. What it brought goes back with the answer: some of it may have to be read again, and
 * its memory is used again.
 */
export function answerWith<Question>(
  answer: (question: Question) => { readonly bytes: Uint8Array<ArrayBuffer> },
): void {
  parentPort?.on('message', (question: Question) => {
    const given = answer(question);
    parentPort?.postMessage(given, [given.bytes.buffer]);
  });
}
