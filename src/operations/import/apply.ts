import type { RowOutcome } from '../../contract/bulk.ts';
import { type AuditRow, AuditWriter } from '../../db/bulk-audit.ts';
import { putKeys } from '../../db/bulk-find.ts';
import type { Connection } from '../../db/bulk-insert.ts';
import { RecordWriter } from '../../db/bulk-records.ts';
import { nextNumbers } from '../../db/database.ts';
import { type Labels, loadLabels, presentFields, referencesIn } from '../../db/present.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import type { AnyRecord, RecordDefinition } from '../../records/definition.ts';
import { displayName } from '../../records/display.ts';
import type { ObjectType } from '../../records/field.ts';
import { type Id, idFromBigInt, idToBigInt } from '../../values/id.ts';
import { laterThan, writeInverse } from '../change.ts';
import { requestHash } from '../create.ts';
import { fieldChanges } from '../difference.ts';
import { hashSecrets } from '../password.ts';
import { contentOf } from '../report.ts';
import type { Work } from '../work.ts';
import { CreationText, referringFields } from './audit-text.ts';
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
  readonly #connection: Connection;

  constructor(connection: Connection, work: Work, plan: ImportPlan, reason: string) {
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
    this.#records.insert(
      first,
      made.map(({ values }) => values),
    );
    this.#records.update(
      edited.map((record, index) => ({ record, changed: (updates[index] as Update).names })),
    );
    this.#putKeys(work, creates, made, updates);
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
    this.#audit.write(firstEvent, rows);
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

  #putKeys(
    work: Work,
    creates: readonly Create[],
    made: readonly StoredRecord[],
    updates: readonly Update[],
  ): void {
    if (this.#plan.keyIndex < 0) return;
    const { definition } = this.#plan;
    putKeys(this.#connection, work.client.id, definition.objectType, [
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

/** What an update changes, as the audit trail keeps it. */
export interface Content {
  readonly objectName: string;
  readonly names: readonly string[];
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** The labels of everything that records refer to. */
function labelsOf(
  work: Work,
  definition: RecordDefinition,
  records: readonly StoredRecord[],
): Promise<Labels> {
  const found = new Map<Id, readonly [ObjectType, Id]>();
  const fields = referringFields(definition);
  for (const { values } of records)
    for (const reference of referencesIn(fields, values)) found.set(reference[1], reference);
  return loadLabels(work.queries, work.client.id, found.values());
}

/** What the audit trail keeps of updates, in order. */
function contentsOf(
  definition: RecordDefinition,
  labels: Labels,
  updates: readonly Update[],
  edited: readonly StoredRecord[],
): readonly Content[] {
  const shown = (record: StoredRecord, internalKey: string | null): AnyRecord =>
    ({
      id: record.id,
      ...presentFields(definition.fields, record.values, labels),
      internalKey,
      deletedAt: record.deletedAt,
    }) as AnyRecord;
  return edited.map((record, index): Content => {
    const { before, oldKey, newKey } = updates[index] as Update;
    const answer = shown(record, newKey);
    const old = { stored: before, presented: shown(before, oldKey) };
    const content = contentOf(definition, old, record, answer);
    return {
      objectName: displayName(definition.objectType, answer),
      names: content.names,
      before: content.before ?? {},
      after: content.after,
    };
  });
}

/** What is answered of each row, in order; `made` is empty where nothing was written. */
export function outcomesOf(
  decisions: readonly Decision[],
  made: readonly StoredRecord[],
  content: readonly Content[],
): readonly RowOutcome[] {
  let created = 0;
  let updated = 0;
  return decisions.map((decision): RowOutcome => {
    const { line } = decision;
    const warnings = decision.warnings.length === 0 ? {} : { warnings: decision.warnings };
    switch (decision.kind) {
      case 'create': {
        const id = made[created]?.id ?? null;
        created += 1;
        return { line, outcome: 'created', id, ...warnings };
      }
      case 'update': {
        const { names, before, after } = content[updated] as Content;
        updated += 1;
        const changes = fieldChanges(names, before, after);
        return { line, outcome: 'updated', id: decision.before.id, ...warnings, changes };
      }
      case 'unchanged':
      case 'skipped':
        return { line, outcome: decision.kind, id: decision.id, ...warnings };
      case 'failed':
        return { line, outcome: 'failed', id: null, problems: decision.problems, ...warnings };
      default:
        return never(decision);
    }
  });
}

const never = (decision: never): never => {
  throw new Error(`nothing is known of ${JSON.stringify(decision)}`);
};

/** What a dry run answers: what would be, without writing it; of the first `most` new records also what they hold. */
export async function planned(
  work: Work,
  definition: RecordDefinition,
  decisions: readonly Decision[],
  most: number,
): Promise<readonly RowOutcome[]> {
  const updates = decisions.filter((decision): decision is Update => decision.kind === 'update');
  const edited = updates.map(({ before, values }): StoredRecord => ({ ...before, values }));
  const creates = decisions
    .filter((decision): decision is Create => decision.kind === 'create')
    .slice(0, most);
  const made = creates.map(({ values }) => ({ values }) as StoredRecord);
  const labels = await labelsOf(work, definition, [
    ...made,
    ...edited,
    ...updates.map(({ before }) => before),
  ]);
  const outcomes = outcomesOf(decisions, [], contentsOf(definition, labels, updates, edited));
  let shown = 0;
  return outcomes.map((outcome) => {
    if (outcome.outcome !== 'created' || shown >= made.length) return outcome;
    const record = made[shown] as StoredRecord;
    const internalKey = creates[shown]?.internalKey ?? null;
    shown += 1;
    const answer = {
      ...presentFields(definition.fields, record.values, labels),
      internalKey,
    } as unknown as AnyRecord;
    const { names, after } = contentOf(definition, null, record, answer);
    return { ...outcome, changes: fieldChanges(names, {}, after) };
  });
}
