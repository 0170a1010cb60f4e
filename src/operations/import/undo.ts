import { setImmediate as otherEvents } from 'node:timers/promises';
import type { ImportUndone } from '../../contract/bulk.ts';
import { AuditWriter } from '../../db/bulk-audit.ts';
import { type BulkConnection, bulkOn } from '../../db/bulk-connection.ts';
import { enlargeCache } from '../../db/bulk-indexes.ts';
import { clearStage, insertBatch, lastUndo, type StoredRun, updateRun } from '../../db/bulk-runs.ts';
import { type ImportEvent, type LaterEvent, softDelete, UndoReader } from '../../db/bulk-undo.ts';
import { nextNumbers } from '../../db/id-sequence.ts';
import { loadRecords } from '../../db/record-store.ts';
import type { ObjectType } from '../../records/field.ts';
import { definitionOf } from '../../records/registry.ts';
import { type Id, idFromBigInt } from '../../values/id.ts';
import { formatInstant } from '../../values/instant.ts';
import { affectedBy } from '../affected.ts';
import { hiddenDepartments } from '../hidden-departments.ts';
import { dryRunFlag } from '../report.ts';
import { rulesOf } from '../rules.ts';
import type { Work } from '../work.ts';
import { cancelOut } from './cancel-out.ts';
import { refusalsOf } from './problems.ts';
import { revertUpdates } from './revert.ts';
import { storedRun } from './runs.ts';

/** How many changes are taken back before others of the same process have a moment. */
const SLICE = 250;
/** The most records that an undo lists as kept. */
const MOST_KEPT = 1_000;

type Range = readonly [first: bigint, last: bigint];
export type Kept = ImportUndone['kept'][number];

const contains = (ranges: readonly Range[], id: bigint): boolean =>
  ranges.some(([first, last]) => first <= id && id <= last);

/**
 * Puts every record of a run back as it was that nobody has touched since: what was created is deleted, what was
 * changed gets its former values. All else is kept, and listed with the reason.
 */
export async function undoImport(work: Work, id: Id): Promise<ImportUndone> {
  const undo = await Undo.of(work, await storedRun(work, id));
  const giveBack = enlargeCache(work.database);
  try {
    return { run: id, ...(await undo.carryOut()), ...dryRunFlag(work) };
  } finally {
    giveBack();
  }
}

class Undo {
  readonly #work: Work;
  readonly #connection: BulkConnection;
  readonly #run: StoredRun;
  readonly #reader: UndoReader;
  readonly #reason: string;
  readonly #imported: readonly Range[];
  readonly #undone: readonly Range[];
  readonly #kept: Kept[] = [];
  #keptCount = 0;
  #count = 0;
  #first: bigint | undefined;

  static async of(work: Work, run: StoredRun): Promise<Undo> {
    const connection = bulkOn(work);
    const reader = new UndoReader(connection, work.client.id);
    return new Undo(work, connection, run, reader, await reader.ranges(run.id));
  }

  private constructor(
    work: Work,
    connection: BulkConnection,
    run: StoredRun,
    reader: UndoReader,
    ranges: { readonly imported: readonly Range[]; readonly undone: readonly Range[] },
  ) {
    this.#work = work;
    this.#connection = connection;
    this.#run = run;
    this.#reader = reader;
    this.#imported = ranges.imported;
    this.#undone = ranges.undone;
    const what = `undo of import ${run.id} of ${run.file}`;
    this.#reason = (work.reason === null ? what : `${what}: ${work.reason}`).slice(0, 1000);
  }

  async carryOut(): Promise<Omit<ImportUndone, 'run' | 'dryRun'>> {
    if (this.#run.state === 'UNDONE') return { undone: 0, kept: [], keptCount: 0, already: true };
    for (const range of this.#imported) await this.#undoRange(range);
    const { queries, client, nowMs } = this.#work;
    await clearStage(queries, client.id, this.#run.id);
    const last = await nextNumbers(queries, 1, nowMs);
    const number = (await lastUndo(queries, client.id, this.#run.id)) - 1;
    const events: Range | null = this.#first === undefined ? null : [this.#first, last];
    await insertBatch(queries, client.id, this.#run.id, { number, events, answer: null });
    const state = this.#keptCount === 0 ? 'UNDONE' : 'PARTLY_UNDONE';
    await updateRun(queries, client.id, {
      ...this.#run,
      state,
      finishedAt: this.#run.finishedAt ?? this.#work.now,
    });
    return { undone: this.#count, kept: this.#kept, keptCount: this.#keptCount };
  }

  async #undoRange(range: Range): Promise<void> {
    for (let olderThan: bigint | undefined; ; ) {
      const events = await this.#reader.events(range, olderThan, SLICE);
      if (events.length === 0) return;
      olderThan = events.at(-1)?.id;
      const open = await this.#untouched(events);
      // What was changed first: a link that goes no longer keeps the new record that it leads to.
      for (const part of steps(open, 'UPDATE')) await this.#revert(part);
      for (const part of steps(open, 'CREATE')) await this.#delete(part);
      await otherEvents();
    }
  }

  /** Those whose object is as the run left it, and that no former undo has taken back. */
  async #untouched(events: readonly ImportEvent[]): Promise<readonly ImportEvent[]> {
    const histories = await this.#reader.history(events.map(({ id, object }) => ({ object, since: id })));
    const open: ImportEvent[] = [];
    for (const [index, event] of events.entries()) {
      const later = histories[index] as readonly LaterEvent[];
      const own = later.filter(({ id }) => contains(this.#imported, id)).length;
      if (later.length > 1 && later.filter(({ id }) => contains(this.#undone, id)).length >= own) continue;
      const other = later.find(({ id }) => !this.#isOurs(id));
      if (other === undefined || (await this.#isAsLeft(event))) open.push(event);
      else this.#keep(idFromBigInt(event.object), event.objectName, await this.#touched(other));
    }
    return open;
  }

  #isOurs(id: bigint): boolean {
    const isNow = this.#first !== undefined && id >= this.#first;
    return isNow || contains(this.#imported, id) || contains(this.#undone, id);
  }

  /** Whether what others did to a record since has been taken back. */
  async #isAsLeft({ object, objectType, id }: ImportEvent): Promise<boolean> {
    const changes = await this.#reader.changes(object, id);
    return cancelOut(
      definitionOf(objectType),
      changes.filter((change) => !this.#isOurs(change.id)),
      changes,
    );
  }

  async #touched({ id, at, actor, operation }: LaterEvent): Promise<string> {
    const when = formatInstant(at, this.#work.client.timeZone);
    const other = await this.#reader.importOf(id);
    if (other === undefined) return `${actor} did ${operation} on ${when}`;
    const what = `${other.isUndo ? 'the undo of ' : ''}import ${other.run} of ${other.file}`;
    return `${what} changed it on ${when}`;
  }

  #keep(id: Id, name: string, reason: string): void {
    this.#keptCount += 1;
    if (this.#kept.length < MOST_KEPT) this.#kept.push({ id, name, reason });
  }

  async #delete({ type, events }: Step): Promise<void> {
    const definition = definitionOf(type);
    const numbers = events.map(({ object }) => object);
    const referred = await this.#reader.referred(type, [least(numbers), most(numbers)]);
    const hidden = await hiddenDepartments(this.#work);
    const gone: ImportEvent[] = [];
    for (const event of events) {
      const id = idFromBigInt(event.object);
      const reason = hidden.has(id)
        ? 'it is not yours to see'
        : referred.has(event.object)
          ? await this.#referrers(type, id)
          : await this.#guarded(type, id);
      if (reason === undefined) gone.push(event);
      else this.#keep(id, event.objectName, reason);
    }
    if (gone.length === 0) return;
    const { queries, client, now, nowMs, actor } = this.#work;
    const first = await nextNumbers(queries, gone.length, nowMs);
    this.#first ??= first;
    await softDelete(
      this.#connection,
      client.id,
      definition,
      gone.map(({ object }) => object),
      { at: now, by: actor },
    );
    const frame = { at: now, actor, reason: this.#reason, objectType: type };
    await new AuditWriter(this.#connection, client.id, frame).write(
      first,
      gone.map(({ object, objectName }) => ({
        operation: this.#work.operation,
        action: 'DELETE',
        object,
        objectName,
        before: '{"deletedAt":null}',
        after: `{"deletedAt":${now}}`,
      })),
    );
    this.#count += gone.length;
  }

  async #referrers(type: ObjectType, id: Id): Promise<string> {
    if (this.#kept.length >= MOST_KEPT) return '';
    const affected = await affectedBy(this.#work, type, id);
    const named = affected.map(({ objectType, field, names }) => `${objectType} ${names[0]} (${field})`);
    return `referred to by ${named.length === 0 ? 'a token' : named.join(', ')}`;
  }

  /** Why a record may not be deleted without a reason. */
  async #guarded(type: ObjectType, id: Id): Promise<string | undefined> {
    const { guard } = rulesOf(type);
    if (guard === undefined) return undefined;
    const [record] = await loadRecords(this.#work.queries, this.#work.client.id, definitionOf(type), [id]);
    if (record === undefined) return undefined;
    const [problem] = await refusalsOf(() => guard(this.#work, record, null));
    return problem === undefined ? undefined : `${problem.message}; give --reason to undo it all the same`;
  }

  async #revert({ type, events }: Step): Promise<void> {
    const hidden = await hiddenDepartments(this.#work);
    const seen = events.filter(({ object }) => !hidden.has(idFromBigInt(object)));
    for (const event of events)
      if (!seen.includes(event))
        this.#keep(idFromBigInt(event.object), event.objectName, 'it is not yours to see');
    const { done, kept, first } = await revertUpdates(this.#work, this.#connection, type, seen, this.#reason);
    if (first !== null) this.#first ??= first;
    this.#count += done;
    for (const { id, name, reason } of kept) this.#keep(id, name, reason);
  }
}

interface Step {
  readonly type: ObjectType;
  readonly events: readonly ImportEvent[];
}

/** Events of one kind at a time; one by one where a rule looks at what is left before it lets the next go. */
function* steps(open: readonly ImportEvent[], action: ImportEvent['action']): Generator<Step> {
  for (const type of new Set(open.map(({ objectType }) => objectType))) {
    const events = open.filter((event) => event.objectType === type && event.action === action);
    if (events.length === 0) continue;
    if (rulesOf(type).guard === undefined) yield { type, events };
    else for (const event of events) yield { type, events: [event] };
  }
}

const least = (numbers: readonly bigint[]): bigint => numbers.reduce((a, b) => (a < b ? a : b));
const most = (numbers: readonly bigint[]): bigint => numbers.reduce((a, b) => (a > b ? a : b));
