import type { RowOutcome } from '../../contract/bulk.ts';
import { type Labels, loadLabels, presentFields, referencesIn } from '../../db/present.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import type { AnyRecord, RecordDefinition } from '../../records/definition.ts';
import { displayName } from '../../records/display.ts';
import type { ObjectType } from '../../records/field.ts';
import type { Id } from '../../values/id.ts';
import { fieldChanges } from '../difference.ts';
import { contentOf } from '../report.ts';
import type { Work } from '../work.ts';
import { referringFields } from './audit-text.ts';
import type { Create, Decision, Update } from './decision.ts';

/** What an update changes, as the audit trail keeps it. */
export interface Content {
  readonly objectName: string;
  readonly names: readonly string[];
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** The labels of everything that records refer to. */
export function labelsOf(
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
export function contentsOf(
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
