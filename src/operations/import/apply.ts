import type { RowOutcome } from '../../contract/bulk.ts';
import { type AuditRow, AuditWriter } from '../../db/bulk-audit.ts';
import type { BulkConnection } from '../../db/bulk-connection.ts';
import { putKeys } from '../../db/bulk-find.ts';
import { RecordWriter } from '../../db/bulk-records.ts';
import { nextNumbers } from '../../db/id-sequence.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import { idFromBigInt, idToBigInt } from '../../values/id.ts';
import { laterThan, writeInverse } from '../change.ts';
import { requestHash } from '../create.ts';
import { hashSecrets } from '../password.ts';
import type { Work } from '../work.ts';
import { CreationText } from './audit-text.ts';
import { contentsOf, labelsOf, outcomesOf } from './contents.ts';
import type { Create, Decision, Update } from './decision.ts';
import type { ImportPlan } from './plan.ts';

export interface Applied {
  readonly outcomes: readonly RowOutcome[];
  /** The audit events from the first to the last are the batch's own; null where it changed nothing. */
  readonly events: readonly [first: bigint, last: bigint] | null;
}

/** Writes what was decided, in bulk, with the audit rows that single operations would write. */
export class Applier {
  readonly #plan: ImportPlan;
  readonly #records: RecordWriter;
  readonly #audit: AuditWriter;
  readonly #connection: BulkConnection;

  constructor(connection: BulkConnection, work: Work, plan: ImportPlan, reason: string) {
    const { definition } = plan;
    this.#connection = connection;
    this.#plan = plan;
    this.#records = new RecordWriter(connection, work.client.id, definition, work.now);
    this.#audit = new AuditWriter(connection, work.client.id, {
      at: work.now,
      actor: work.actor,
      reason,
      objectType: definition.objectType,
    });
  }

  async apply(work: Work, reason: string, decisions: readonly Decision[]): Promise<Applied> {
    const { definition, operations, inverses } = this.#plan;
    const creates = decisions.filter((decision): decision is Create => decision.kind === 'create');
    const updates = decisions.filter((decision): decision is Update => decision.kind === 'update');
    const changes = creates.length + updates.length;
    if (changes === 0) return { outcomes: outcomesOf(decisions, [], []), events: null };
    const first = await nextNumbers(work.queries, creates.length + changes, work.nowMs);
    const firstEvent = first + BigInt(creates.length);
    const hashed = this.#hasSecrets
      ? await Promise.all(creates.map(({ values }) => hashSecrets(definition.fields, values)))
      : [];
    const made = creates.map(
      ({ values }, index): StoredRecord => ({
        id: idFromBigInt(first + BigInt(index)),
        createdDate: work.now,
        updatedDate: work.now,
        deletedAt: null,
        deletedBy: null,
        values: hashed.length === 0 ? values : { ...values, ...hashed[index] },
      }),
    );
    const edited = await Promise.all(updates.map((update) => this.#edited(work, update)));
    const labels = await labelsOf(work, definition, [
      ...made,
      ...edited,
      ...updates.map(({ before }) => before),
    ]);
    const content = contentsOf(definition, labels, updates, edited);
    // A server writes the records while the trail's text is made.
    const written = this.#records.insert(
      first,
      made.map(({ values }) => values),
    );
    written.catch(() => {});
    const text = new CreationText(definition, labels);
    const rows = [
      ...made.map(
        (record, index): AuditRow => ({
          operation: operations.create,
          action: 'CREATE',
          object: first + BigInt(index),
          objectName: text.name(record),
          before: null,
          after: text.after(record, creates[index]?.internalKey ?? null),
        }),
      ),
      ...content.map(
        ({ objectName, before, after }, index): AuditRow => ({
          operation: operations.update,
          action: 'UPDATE',
          object: idToBigInt((edited[index] as StoredRecord).id),
          objectName,
          before: JSON.stringify(before),
          after: JSON.stringify(after),
        }),
      ),
    ];
    await written;
    await this.#records.update(
      edited.map((record, index) => ({ record, changed: (updates[index] as Update).names })),
    );
    await this.#putKeys(work, creates, made, updates);
    await this.#audit.write(firstEvent, rows);
    let last = first + BigInt(creates.length + changes) - 1n;
    if (inverses.length > 0) {
      await this.#writeInverses({ ...work, reason }, creates, made, updates, edited);
      last = await nextNumbers(work.queries, 1, work.nowMs);
    }
    return { outcomes: outcomesOf(decisions, made, content), events: [firstEvent, last] };
  }

  get #hasSecrets(): boolean {
    return this.#plan.given.some(({ field }) => field.kind === 'secret');
  }

  async #edited(work: Work, { before, values, given }: Update): Promise<StoredRecord> {
    const own = Object.fromEntries(given.map((name) => [name, values[name]]));
    const hashed = this.#hasSecrets ? await hashSecrets(this.#plan.definition.fields, own) : {};
    return {
      ...before,
      values: { ...values, ...hashed },
      updatedDate: laterThan(before.updatedDate, work.now),
    };
  }

  async #putKeys(
    work: Work,
    creates: readonly Create[],
    made: readonly StoredRecord[],
    updates: readonly Update[],
  ): Promise<void> {
    if (this.#plan.keyIndex < 0) return;
    const { definition } = this.#plan;
    await putKeys(this.#connection, work.client.id, definition.objectType, [
      ...updates.flatMap(({ before, oldKey, newKey }) =>
        oldKey === newKey ? [] : [{ id: before.id, key: newKey, requestHash: '' }],
      ),
      ...creates.flatMap(({ internalKey, judged }, index) =>
        internalKey === null
          ? []
          : [
              {
                id: (made[index] as StoredRecord).id,
                key: internalKey,
                requestHash: requestHash(definition, judged),
              },
            ],
      ),
    ]);
  }

  /** A collection that another kind owns is changed there, as single operations do it. */
  async #writeInverses(
    work: Work,
    creates: readonly Create[],
    made: readonly StoredRecord[],
    updates: readonly Update[],
    edited: readonly StoredRecord[],
  ): Promise<void> {
    const { definition, operations, inverses } = this.#plan;
    for (const index of creates.keys())
      await writeInverse(
        { ...work, operation: operations.create },
        definition,
        null,
        made[index] as StoredRecord,
        inverses,
      );
    for (const [index, { before, names }] of updates.entries())
      await writeInverse(
        { ...work, operation: operations.update },
        definition,
        before,
        edited[index] as StoredRecord,
        names.filter((name) => inverses.includes(name)),
      );
  }
}
