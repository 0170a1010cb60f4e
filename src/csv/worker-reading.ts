import { Worker } from 'node:worker_threads';
import type { Batch } from './batch.ts';
import type { KeepFiles, Reading, ReadingPlan, Settled } from './reading.ts';
import type { Understood } from './understood.ts';
import { type Answered, type Asked, type ReadingCall, received } from './worker-messages.ts';
import { YOUNG_LIMIT_MB, YoungHeap } from './young-heap.ts';

/** How many batches are read before they are wanted: so the two threads wait for each other little. */
const AHEAD = 4;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A reading in a thread of its own. */
export class WorkerReading implements Reading {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  readonly #batches: Promise<Batch | null>[] = [];
  #settleFailed: Error | undefined;
  #lost: Error | undefined;
  readonly #young = new YoungHeap();
  #bytesRead = 0;

  constructor(script: URL, plan: ReadingPlan) {
    this.#worker = new Worker(script, {
      workerData: plan,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_LIMIT_MB },
    });
    this.#worker.on('message', (answered: Answered) => {
      const waiting = this.#waiting.shift();
      if (answered.ok) waiting?.resolve(answered.value);
      else waiting?.reject(received(answered.error));
    });
    const lost = (error: Error): void => {
      this.#lost ??= error;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    };
    this.#worker.on('error', lost);
    this.#worker.on('exit', () => lost(new Error('the thread that reads the file has ended')));
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  survey(): Promise<Understood> {
    return this.#ask('survey') as Promise<Understood>;
  }

  fields(): Promise<readonly string[]> {
    return this.#ask('fields') as Promise<readonly string[]>;
  }

  async next(): Promise<Batch | null> {
    while (this.#batches.length < AHEAD) {
      const batch = this.#ask('next') as Promise<Batch | null>;
      // Its failure is told when it is its turn.
      batch.catch(() => {});
      this.#batches.push(batch);
    }
    if (this.#settleFailed !== undefined) throw this.#settleFailed;
    const batch = await this.#batches.shift();
    this.#young.look();
    if (batch !== null && batch !== undefined) this.#bytesRead = batch.bytesRead;
    return batch ?? null;
  }

  /** Not waited for: what goes wrong is told by the next call. */
  async settle(settled: Settled): Promise<void> {
    this.#ask('settle', settled).catch((error: Error) => {
      this.#settleFailed ??= error;
    });
  }

  sha256(): Promise<string> {
    return this.#ask('sha256') as Promise<string>;
  }

  async keep(files: KeepFiles) {
    const kept = (await this.#ask('keep', files)) as { success: string | null; failed: string | null };
    if (this.#settleFailed !== undefined) throw this.#settleFailed;
    return kept;
  }

  async close(): Promise<void> {
    try {
      if (this.#lost === undefined) await this.#ask('close');
    } finally {
      this.#young.release();
      await this.#worker.terminate();
    }
  }

  #ask(call: ReadingCall, argument?: unknown): Promise<unknown> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ call, argument } satisfies Asked);
    });
  }
}
