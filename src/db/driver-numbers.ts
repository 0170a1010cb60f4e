import type { Id } from '../values/id.ts';

/** The digits below the last nine, which alone fit in an integer of 32 bits. */
const SPLIT = 9;
const ZERO = 48;

/**
 * Gives drivers numbers from 0, and finds the number of one by the id, both also where the id is a part of a longer text:
 * of the hundred thousand ids of a page no text of its own is made.
 */
export class DriverNumbers {
  #count = 0;
  #high = new Float64Array(1024);
  #low = new Int32Array(1024);
  /** The number of a driver and one, at the place that the id's hash says or the next that was free. */
  #places = new Int32Array(4096);

  /** The number of the next driver, whose id it must not have yet. */
  add(id: Id): number {
    const number = this.#count;
    this.#count += 1;
    if (number === this.#high.length) this.#grow();
    this.#high[number] = numberIn(id, 1, id.length - SPLIT);
    this.#low[number] = numberIn(id, Math.max(1, id.length - SPLIT), id.length);
    this.#put(number);
    return number;
  }

  /** -1: no driver has this id. */
  of(id: Id): number {
    return this.within(id, 0, id.length);
  }

  /** The same of an id that stands in a text from one place to another, that one not included. */
  within(text: string, from: number, to: number): number {
    const high = numberIn(text, from + 1, to - SPLIT);
    const low = numberIn(text, Math.max(from + 1, to - SPLIT), to);
    const mask = this.#places.length - 1;
    for (let place = hash(high, low) & mask; ; place = (place + 1) & mask) {
      const number = (this.#places[place] as number) - 1;
      if (number < 0) return -1;
      if (this.#low[number] === low && this.#high[number] === high) return number;
    }
  }

  #put(number: number): void {
    const mask = this.#places.length - 1;
    let place = hash(this.#high[number] as number, this.#low[number] as number) & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = number + 1;
  }

  #grow(): void {
    const high = new Float64Array(this.#high.length * 2);
    const low = new Int32Array(this.#low.length * 2);
    high.set(this.#high);
    low.set(this.#low);
    this.#places = new Int32Array(this.#places.length * 2);
    for (let number = 0; number < this.#high.length; number += 1) this.#put(number);
    this.#high = high;
    this.#low = low;
  }
}

/** A decimal that stands in a text; 0 where it has no digit. */
export function numberIn(text: string, from: number, to: number): number {
  let found = 0;
  for (let at = from; at < to; at += 1) found = found * 10 + text.charCodeAt(at) - ZERO;
  return found;
}

const hash = (high: number, low: number): number => Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
