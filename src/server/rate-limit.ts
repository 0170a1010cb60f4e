/** How many requests are let through: so many a second on average, and at once as many as two seconds bring. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** `perSecond` 0: no limit. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Seconds to wait before the next request of `who`; 0 when it may go on. */
  take(who: string, nowMs: number): number {
    if (this.#perSecond === 0) return 0;
    const most = this.#perSecond * 2;
    const bucket = this.#buckets.get(who) ?? { left: most, at: nowMs };
    const grown = Math.max(0, nowMs - bucket.at) * (this.#perSecond / 1000);
    bucket.left = Math.min(most, bucket.left + grown);
    bucket.at = nowMs;
    this.#buckets.set(who, bucket);
    if (this.#buckets.size > MOST_KEPT) this.#forget(nowMs);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.left) / this.#perSecond));
  }

  /** A bucket that is full again says nothing. */
  #forget(nowMs: number): void {
    for (const [who, { at }] of this.#buckets) if (nowMs - at > 2000) this.#buckets.delete(who);
    // Where more than that are asking right now, the newest are not counted rather than kept for ever.
    if (this.#buckets.size > MOST_KEPT) this.#buckets.clear();
  }
}

const MOST_KEPT = 10_000;
