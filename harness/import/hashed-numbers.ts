/** A number from 0 on for each hash: 8 bytes for an entry, in arrays that are at most half full. */
export class HashedNumbers {
  #hashes = new Int32Array(1024);
  /** The number + 1; 0: the slot is free. */
  #numbers = new Int32Array(1024);
  #count = 0;

  /** @returns -1: not known */
  get(hash: number): number {
    return (this.#numbers[this.#slotOf(hash)] as number) - 1;
  }

  set(hash: number, number: number): void {
    const slot = this.#slotOf(hash);
    if (this.#numbers[slot] === 0) this.#count += 1;
    this.#hashes[slot] = hash;
    this.#numbers[slot] = number + 1;
    if (this.#count * 2 > this.#numbers.length) this.#grow();
  }

  #slotOf(hash: number): number {
    const mask = this.#numbers.length - 1;
    let slot = mixed(hash) & mask;
    while (this.#numbers[slot] !== 0 && this.#hashes[slot] !== (hash | 0)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [hashes, numbers] = [this.#hashes, this.#numbers];
    this.#hashes = new Int32Array(2 * hashes.length);
    this.#numbers = new Int32Array(2 * numbers.length);
    for (const [place, number] of numbers.entries()) {
      if (number === 0) continue;
      const hash = hashes[place] as number;
      const slot = this.#slotOf(hash);
      this.#hashes[slot] = hash;
      this.#numbers[slot] = number;
    }
  }
}

/** A hash whose low bits depend on all others. */
function mixed(hash: number): number {
  const bits = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return bits ^ (bits >>> 13);
}
