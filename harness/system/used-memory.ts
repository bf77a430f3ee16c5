/**
 * Memory that was used and is used again: new memory for each of thousands of pieces is never wholly given back.
 * Pieces differ in length, so the length of memory is rounded up.
 */
export class UsedMemory {
  readonly #stepBytes: number;
  readonly #most: number;
  readonly #largestBytes: number;
  readonly #kept: ArrayBuffer[] = [];

  /**
   * @param most how many are kept
   * @param largestBytes larger ones are not kept. Default: all are
   */
  constructor(stepBytes: number, most: number, largestBytes = Number.POSITIVE_INFINITY) {
    this.#stepBytes = stepBytes;
    this.#most = most;
    this.#largestBytes = largestBytes;
  }

  /** At least so many bytes, with anything in them. */
  take(bytes: number): ArrayBuffer {
    const at = this.#kept.findIndex(({ byteLength }) => byteLength >= bytes);
    const [memory] = at < 0 ? [] : this.#kept.splice(at, 1);
    return memory ?? new ArrayBuffer(Math.ceil(bytes / this.#stepBytes) * this.#stepBytes);
  }

  give(memory: ArrayBuffer): void {
    if (this.#kept.length < this.#most && memory.byteLength <= this.#largestBytes) this.#kept.push(memory);
  }
}
