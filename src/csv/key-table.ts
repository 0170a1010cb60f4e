/** Which lines of a file have the same key, in about 24 bytes a row however long the keys are. */
export class KeyTable {
  /** Two halves of a 64-bit hash and the line that had it first, for each slot; line 0: free. */
  #slots = new Uint32Array(3 * 4096);
  #count = 0;
  readonly #doubled = new Map<number, number>();

  /** Lines whose key another line has too, each with that other line. */
  get doubled(): ReadonlyMap<number, number> {
    return this.#doubled;
  }

  add(key: string, line: number): void {
    if (this.#count * 6 > this.#slots.length) this.#grow();
    const [high, low] = hash(key);
    const at = slotOf(this.#slots, high, low);
    const first = this.#slots[at + 2] ?? 0;
    if (first === 0) {
      this.#slots[at] = high;
      this.#slots[at + 1] = low;
      this.#slots[at + 2] = line;
      this.#count++;
      return;
    }
    this.#doubled.set(line, first);
    if (!this.#doubled.has(first)) this.#doubled.set(first, line);
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 3) {
      const line = old[i + 2] ?? 0;
      if (line === 0) continue;
      const [high, low] = [old[i] ?? 0, old[i + 1] ?? 0];
      const at = slotOf(slots, high, low);
      slots[at] = high;
      slots[at + 1] = low;
      slots[at + 2] = line;
    }
    this.#slots = slots;
  }
}

/** Where a hash is, or where it would be put. */
function slotOf(slots: Uint32Array, high: number, low: number): number {
  const places = slots.length / 3;
  for (let place = low % places; ; place = place + 1 === places ? 0 : place + 1) {
    const at = place * 3;
    if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at;
  }
}

/** Two independent 32-bit hashes: that two of ten million keys share both is one chance in 370,000. */
function hash(text: string): readonly [high: number, low: number] {
  let high = 0x9747b28c;
  let low = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  low ^= low >>> 16;
  low = Math.imul(low, 0x85ebca6b);
  high = Math.imul(high, 0xc2b2ae35);
  return [(high ^ (high >>> 13)) >>> 0, (low ^ (low >>> 13)) >>> 0];
}
