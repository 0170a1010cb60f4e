import type { Importer, ImportRow, ImportRun, RowLimit, RowOutcome } from '../../contract/bulk.ts';
import { bulkOn } from '../../db/bulk-connection.ts';
import { emptiness, makeRoom, type SetAside, setIndexesAside } from '../../db/bulk-indexes.ts';
import { insertBatch, insertRun, type StoredRun } from '../../db/bulk-runs.ts';
import { encodeId } from '../../db/codec.ts';
import type { Id } from '../../values/id.ts';
import type { Work } from '../work.ts';
import { Applier } from './apply.ts';
import { counted, NO_COUNTS, uncounted } from './counts.ts';
import type { Desk } from './desk.ts';
import { type Held, holdWriting } from './held.ts';
import { judgeAndApply } from './judge-and-apply.ts';
import { lateOutcomes } from './late.ts';
import type { ImportPlan } from './plan.ts';
import { type RunContext, runContext } from './run-context.ts';
import { importRun, newRun, reasonOf, withRejected } from './runs.ts';

/** From how many rows on it pays to take indexes off first. */
const MANY_ROWS = 5_000;

/** One transaction from the first row to the end: all of it, or nothing. */
export class AtomicImport implements Importer {
  readonly run: Id;
  readonly nextBatch = 1;
  readonly #desk: Desk;
  readonly #held: Held;
  readonly #work: Work;
  readonly #context: RunContext;
  readonly #applier: Applier;
  readonly #isNewKind: boolean;
  readonly #giveBack: () => void;
  #aside: SetAside | undefined;
  #counts = NO_COUNTS;
  #events: [bigint, bigint] | null = null;
  #isOver = false;

  static async begin(desk: Desk, plan: ImportPlan, run: Id): Promise<AtomicImport> {
    const giveBack = makeRoom(desk.connections.writer);
    try {
      const held = await holdWriting(desk.connections.writer);
      const work = await desk.work(held.queries, 'import.rows', false);
      try {
        const empty = await emptiness(bulkOn(work), plan.definition, encodeId(work.client.id));
        return new AtomicImport(desk, plan, run, held, work, empty, giveBack);
      } catch (error) {
        await held.rollBack();
        throw error;
      }
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  private constructor(
    desk: Desk,
    plan: ImportPlan,
    run: Id,
    held: Held,
    work: Work,
    { forClient, forAll }: { readonly forClient: boolean; readonly forAll: boolean },
    giveBack: () => void,
  ) {
    this.run = run;
    this.#desk = desk;
    this.#held = held;
    this.#work = work;
    this.#giveBack = giveBack;
    this.#isNewKind = forAll;
    this.#context = runContext(plan, { startsEmpty: forClient, holdsAll: true });
    this.#applier = new Applier(bulkOn(work), work, plan, this.#reason);
  }

  get #reason(): string {
    return reasonOf(this.#work, this.run, this.#start.file);
  }

  get #start() {
    return this.#context.plan.start;
  }

  rows(_number: number, rows: readonly ImportRow[], limit?: RowLimit): Promise<readonly RowOutcome[]> {
    return this.#guarded(async () => {
      await this.#setAside();
      const { outcomes, events } = await judgeAndApply(
        this.#context,
        this.#work,
        this.#applier,
        this.#reason,
        rows,
        limit,
      );
      if (events !== null) this.#events = [this.#events?.[0] ?? events[0], events[1]];
      this.#counts = counted(this.#counts, outcomes);
      const late = lateOutcomes(this.#context);
      this.#counts = uncounted(this.#counts, late);
      return [...outcomes, ...late.map(({ outcome }) => outcome)];
    });
  }

  async #setAside(): Promise<void> {
    if (!this.#isNewKind || this.#aside !== undefined || this.#counts.total < MANY_ROWS) return;
    this.#aside = await setIndexesAside(bulkOn(this.#work), this.#context.plan.definition);
  }

  async finish(rejected: number): Promise<{ outcomes: readonly RowOutcome[]; run: ImportRun }> {
    const counts = withRejected(this.#counts, rejected);
    const base = { ...newRun(this.run, this.#start, this.#work), finishedAt: this.#work.now };
    if (counts.failed > 0) {
      await this.#rollBack();
      const run: StoredRun = { ...base, ...counts, created: 0, updated: 0, state: 'REJECTED' };
      await this.#desk.connections.writer.write((queries) => insertRun(queries, this.#work.client.id, run));
      return { outcomes: [], run: importRun(run) };
    }
    const run: StoredRun = { ...base, ...counts, state: 'DONE' };
    await this.#guarded(async () => {
      await this.#aside?.rebuild();
      const { queries, client } = this.#work;
      await insertRun(queries, client.id, run);
      await insertBatch(queries, client.id, this.run, { number: 1, events: this.#events, answer: null });
      await this.#held.commit();
      this.#isOver = true;
      this.#giveBack();
    });
    return { outcomes: [], run: importRun(run) };
  }

  abandon(): Promise<void> {
    return this.#rollBack();
  }

  async #rollBack(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#held.rollBack();
    this.#giveBack();
  }

  async #guarded<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      await this.#rollBack();
      throw this.#desk.connections.writer.explain(error);
    }
  }
}
