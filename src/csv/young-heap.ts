import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Beyond this, more room for young objects saves no time here and costs its whole size in memory. */
const ENOUGH_MB = 8;

/** Of a thread's `resourceLimits`: the same bound, with the share that V8 counts for objects on their way to be old. */
export const YOUNG_LIMIT_MB = (ENOUGH_MB / 2) * 3;

/**
 * Keeps the part of the heap where young objects live from growing to the 32 MB that V8 gives it when much garbage is
 * made, as rows that pass through are. The bound cannot be set after the start; whether it grows further can.
 */
export class YoungHeap {
  #held = false;

  /** To be called every now and then. */
  look(): void {
    if (this.#held) return;
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (young === undefined || young.space_size < ENOUGH_MB * 1_000_000) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    this.#held = true;
  }

  /** Lets it grow again. */
  release(): void {
    if (this.#held) setFlagsFromString('--semi-space-growth-factor=2');
    this.#held = false;
  }
}
