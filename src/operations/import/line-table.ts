/**
 * Which line of a file was the first to be about something, for millions of lines: 12 bytes an entry, in typed
 * arrays. Things are told apart by 64 bits of a hash of their text; that two different ones of a million share
 * these happens once in thirty million files, and rejects two good rows.
 */
export class LineTable {
  #high = new Uint32Array(FIRST_SIZE);
  #low = new Uint32Array(FIRST_SIZE);
  /** 0: free. The top two bits say what became of the row. */
  #lines = new Uint32Array(FIRST_SIZE);
  #count = 0;
  #at = 0;

  /**
   * Notes the line (from 1, below 2^30) and what became of its row, and answers what was noted for the same text
   * before; undefined where this is the first.
   */
  note(text: string, line: number, outcome: Noted['outcome']): Noted | undefined {
    this.#find(text);
    const known = this.#lines[this.#at] as number;
    if (known !== 0) return { line: known & LINE, outcome: OUTCOMES[known >>> 30] as Noted['outcome'] };
    this.#lines[this.#at] = (line | (OUTCOMES.indexOf(outcome) << 30)) >>> 0;
    this.#count += 1;
    if (this.#count * 8 > this.#lines.length * 7) this.#grow();
    return undefined;
  }

  /** Leaves `#at` at the entry of the text, or at the free place for it. */
  #find(text: string): void {
    let a = 0xdeadbeef;
    let b = 0x41c6ce57;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      a = Math.imul(a ^ code, 0x9e3779b1);
      b = Math.imul(b ^ code, 0x5f356495);
    }
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
    b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    const high = a >>> 0;
    const low = b >>> 0;
    this.#place(high, low);
    if (this.#lines[this.#at] !== 0) return;
    this.#high[this.#at] = high;
    this.#low[this.#at] = low;
  }

  #place(high: number, low: number): void {
    const mask = this.#lines.length - 1;
    let at = low & mask;
    while (this.#lines[at] !== 0 && (this.#low[at] !== low || this.#high[at] !== high)) at = (at + 1) & mask;
    this.#at = at;
  }

  #grow(): void {
    const [highs, lows, lines] = [this.#high, this.#low, this.#lines];
    const size = lines.length * 2;
    this.#high = new Uint32Array(size);
    this.#low = new Uint32Array(size);
    this.#lines = new Uint32Array(size);
    for (let from = 0; from < lines.length; from += 1) {
      const line = lines[from] as number;
      if (line === 0) continue;
      const high = highs[from] as number;
      const low = lows[from] as number;
      this.#place(high, low);
      this.#high[this.#at] = high;
      this.#low[this.#at] = low;
      this.#lines[this.#at] = line;
    }
  }
}

const FIRST_SIZE = 1 << 12;
const LINE = 0x3fffffff;
const OUTCOMES = ['created', 'updated', 'unchanged', 'failed'] as const;

export interface Noted {
  readonly line: number;
  readonly outcome: (typeof OUTCOMES)[number];
}
