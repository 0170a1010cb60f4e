import {
  type Importer,
  type ImportRow,
  type ImportRun,
  type ImportStart,
  limitLine,
  type RowLimit,
  type RowOutcome,
} from '../../contract/bulk.ts';
import { bulkOn } from '../../db/bulk-connection.ts';
import { emptiness } from '../../db/bulk-indexes.ts';
import {
  batchAnswer,
  insertBatch,
  insertRun,
  lastBatch,
  type StoredRun,
  updateRun,
} from '../../db/bulk-runs.ts';
import { encodeId } from '../../db/codec.ts';
import { invalid } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import { newId, type Work } from '../work.ts';
import { Applier } from './apply.ts';
import { AtomicImport } from './atomic.ts';
import { planned } from './contents.ts';
import { counted, NO_COUNTS, uncounted } from './counts.ts';
import type { Desk } from './desk.ts';
import { judgeRows } from './judge.ts';
import { judgeAndApply } from './judge-and-apply.ts';
import { lateOutcomes } from './late.ts';
import { type ImportPlan, planImport } from './plan.ts';
import { runContext } from './run-context.ts';
import { giveUpOldStages, importRun, newRun, reasonOf, resumedRun, withRejected } from './runs.ts';

const OPERATION = 'import.rows';
/** Of how many rows at the head of a file a dry run says what new records would hold. */
const MOST_SHOWN = 1_000;

/** Begins an import, or goes on with one (spec section 7). */
export async function startImport(desk: Desk, start: ImportStart): Promise<Importer> {
  const plan = planImport(start);
  if (start.dryRun) return dryImport(desk, plan);
  const { writer } = desk.connections;
  if (start.mode === 'atomic') {
    if (start.resume !== undefined)
      throw invalid('an atomic import cannot be resumed: nothing was written', 'import the file again');
    const run = await writer.write(async (queries) => {
      const work = await desk.work(queries, OPERATION, false);
      await giveUpOldStages(work);
      return newId(work);
    });
    return AtomicImport.begin(desk, plan, run);
  }
  const { run, next } = await writer.write(async (queries) => {
    const work = await desk.work(queries, OPERATION, false);
    return start.resume === undefined ? begun(work, plan) : resumed(work, plan, start.resume);
  });
  return new PartialImport(desk, plan, run, next);
}

async function begun(work: Work, plan: ImportPlan) {
  await giveUpOldStages(work);
  const run = newRun(await newId(work), plan.start, work);
  await insertRun(work.queries, work.client.id, run);
  return { run, next: 1 };
}

async function resumed(work: Work, plan: ImportPlan, id: Id) {
  const run = await resumedRun(work, id, plan.start);
  return { run, next: (await lastBatch(work.queries, work.client.id, id)) + 1 };
}

/** A plan of what would be: nothing is written, and nobody waits for it. */
async function dryImport(desk: Desk, plan: ImportPlan): Promise<Importer> {
  const { reader } = desk.connections;
  const context = runContext(plan, { startsEmpty: false, holdsAll: true });
  let counts = NO_COUNTS;
  let startedAt: ImportRun['startedAt'] | undefined;
  return {
    run: null,
    nextBatch: 1,
    rows: (_number, rows, limit) =>
      reader.read(async (queries) => {
        const work: Work = { ...(await desk.work(queries, OPERATION, true)), isPlan: true };
        startedAt ??= work.now;
        context.references.forget();
        const client = encodeId(work.client.id);
        context.startsEmpty = (await emptiness(bulkOn(work), plan.definition, client)).forClient;
        const judged = await judgeRows(context, work, rows);
        const failed = judged.flatMap(({ kind, line }) => (kind === 'failed' ? [line] : []));
        const last = limit === undefined ? undefined : limitLine(limit, failed);
        const decisions = last === undefined ? judged : judged.filter(({ line }) => line <= last);
        const outcomes = await planned(
          work,
          plan.definition,
          decisions,
          Math.max(0, MOST_SHOWN - counts.total),
        );
        counts = counted(counts, outcomes);
        const late = lateOutcomes(context);
        counts = uncounted(counts, late);
        return [...outcomes, ...late.map(({ outcome }) => outcome)];
      }),
    finish: async (rejected) => {
      const { kind, mode, onConflict, file } = plan.start;
      const now = startedAt ?? (Math.floor(desk.session.nowMs / 1000) as ImportRun['startedAt']);
      const total = withRejected(counts, rejected);
      const state = total.failed > 0 && mode === 'atomic' ? 'REJECTED' : 'DONE';
      const { actor } = desk.session;
      const run = {
        run: null,
        kind,
        mode,
        onConflict,
        file,
        actor,
        startedAt: now,
        finishedAt: now,
        state,
      } as const;
      return { outcomes: [], run: { ...run, ...total } };
    },
    abandon: async () => {},
  };
}

/** Each batch is a transaction of its own, and others have their turn in between. */
class PartialImport implements Importer {
  readonly nextBatch: number;
  readonly #desk: Desk;
  readonly #plan: ImportPlan;
  readonly #context: ReturnType<typeof runContext>;
  #run: StoredRun;

  constructor(desk: Desk, plan: ImportPlan, run: StoredRun, nextBatch: number) {
    this.#desk = desk;
    this.#plan = plan;
    this.#run = run;
    this.nextBatch = nextBatch;
    this.#context = runContext(plan, { startsEmpty: false, holdsAll: false });
  }

  get run(): Id {
    return this.#run.id;
  }

  async rows(number: number, rows: readonly ImportRow[], limit?: RowLimit): Promise<readonly RowOutcome[]> {
    const { outcomes, run } = await this.#write(async (work) => {
      const { id } = this.#run;
      const answered = await batchAnswer(work.queries, work.client.id, id, number);
      if (answered !== undefined)
        return { outcomes: JSON.parse(answered) as readonly RowOutcome[], run: this.#run };
      this.#context.references.forget();
      const reason = reasonOf(work, id, this.#plan.start.file);
      const applier = new Applier(bulkOn(work), work, this.#plan, reason);
      const { outcomes, events } = await judgeAndApply(this.#context, work, applier, reason, rows, limit);
      const answer = JSON.stringify(outcomes);
      await insertBatch(work.queries, work.client.id, id, { number, events, answer });
      const run: StoredRun = { ...this.#run, state: 'INTERRUPTED', ...counted(this.#run, outcomes) };
      await updateRun(work.queries, work.client.id, run);
      return { outcomes, run };
    });
    // Only now is it committed.
    this.#run = run;
    return outcomes;
  }

  async finish(rejected: number) {
    const run = await this.#end('DONE', rejected);
    return { outcomes: [], run: importRun(run) };
  }

  async abandon(): Promise<void> {
    await this.#end('ABANDONED', 0);
  }

  async #end(state: StoredRun['state'], rejected: number): Promise<StoredRun> {
    this.#run = await this.#write(async (work) => {
      const finishedAt = work.now;
      const run: StoredRun = { ...this.#run, ...withRejected(this.#run, rejected), state, finishedAt };
      await updateRun(work.queries, work.client.id, run);
      return run;
    });
    return this.#run;
  }

  #write<T>(run: (work: Work) => Promise<T>): Promise<T> {
    return this.#desk.connections.writer.write(async (queries) =>
      run(await this.#desk.work(queries, OPERATION, false)),
    );
  }
}
