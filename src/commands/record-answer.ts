import type { Affected, Changed } from '../contract/change.ts';
import type { AnyRecord, CommonValues, RecordDefinition, Values } from '../records/definition.ts';
import { definitionOf } from '../records/registry.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import type { Verb } from './any-api.ts';
import type { CommandContext } from './context.ts';
import { called, fieldNames, fieldTitle, recordCard, recordColumns, recordText } from './record-text.ts';

/** A change to a record of any kind. */
export type AnyChanged = Changed<CommonValues>;

/** Prints one record: a card for people. */
export async function answerRecord(
  context: CommandContext,
  definition: RecordDefinition,
  record: CommonValues,
): Promise<void> {
  const { timeZone } = await context.clock();
  await context.answer({
    value: record,
    columns: recordColumns(definition, timeZone) as readonly Column<never>[],
    draw: (ink) => [recordCard(definition, { ...record }, ink, timeZone)],
  });
}

/** Prints records as a table; `columns` where the kind's own do not fit. The count goes to stderr. */
export async function answerList(
  context: CommandContext,
  definition: RecordDefinition,
  records: readonly AnyRecord[],
  more: {
    readonly cut?: boolean;
    readonly columns?: readonly Column<Values>[];
    readonly all?: readonly Column<Values>[];
  } = {},
): Promise<void> {
  const { timeZone } = await context.clock();
  const columns = more.columns ?? recordColumns(definition, timeZone, definition.columns);
  await context.answer({
    value: records,
    columns: (more.all ?? recordColumns(definition, timeZone)) as readonly Column<never>[],
    draw: () => (records.length === 0 ? [] : [table(columns, records)]),
  });
  const count = `${records.length} ${records.length === 1 ? definition.title : definition.plural}`;
  if (more.cut === true)
    await context.warn(
      `only the first ${count} are shown: --limit ${records.length * 10} shows more, -o json all`,
    );
  else if (context.globals.output === 'table') await context.note(count);
}

/** Prints what a change did: one line, and before → after for each field. */
export async function answerChange(
  context: CommandContext,
  definition: RecordDefinition,
  verb: Verb,
  changed: AnyChanged,
): Promise<void> {
  const { timeZone } = await context.clock();
  await context.answer({
    value: changed,
    columns: recordColumns(definition, timeZone) as readonly Column<never>[],
    fields: changeFields(definition),
    draw: (ink) => changeBlocks(definition, verb, changed, ink, timeZone),
  });
}

/** The names that `--fields` may give for a change. */
export const changeFields = (definition: RecordDefinition): readonly string[] => [
  ...fieldNames(definition),
  'changed',
  'changes',
  'warnings',
];

const DONE = {
  create: ['created', 'would create'],
  update: ['changed', 'would change'],
  delete: ['deleted', 'would delete'],
  restore: ['restored', 'would restore'],
} as const satisfies Record<Verb, readonly [string, string]>;

/** What a change did, in lines. */
export function changeBlocks(
  definition: RecordDefinition,
  verb: Verb,
  changed: AnyChanged,
  ink: Ink,
  timeZone: string,
): readonly Block[] {
  const name = `${called(definition, { ...changed }, ink)} ${ink.dim(changed.id)}`;
  if (changed.replayed === true)
    return [`${name} was created before with this internal key: nothing was changed`];
  if (changed.matched === true) return [`${name} has this phone already: nothing was changed`];
  if (!changed.changed) return [`${name} is as asked already: nothing was changed`];
  const done = DONE[verb][changed.dryRun === true ? 1 : 0];
  const head = `${verb === 'delete' ? ink.warn(done) : ink.good(done)} ${name}`;
  if (verb !== 'update') return [head, ...affectLines(changed.affects ?? [])];
  return [head, ...changeLines(definition, changed, ink, timeZone, changed)];
}

/** `  status: ACTIVE → SUSPENDED`, one a field; of a collection only what came and what went: `  tag: + VIP`. */
export function changeLines(
  definition: RecordDefinition,
  changed: Pick<AnyChanged, 'changes'>,
  ink: Ink,
  timeZone: string,
  record: Values = {},
): readonly string[] {
  return changed.changes.flatMap(({ field, before, after }) => {
    const title = `  ${fieldTitle(definition, field)}:`;
    if (definition.fields[field]?.kind === 'secret') return [`${title} (hidden)`];
    const text = (value: unknown) =>
      recordText(definition, field, { ...record, [field]: value }, { timeZone, for: 'people' });
    if (Array.isArray(before) && Array.isArray(after)) {
      const gone = without(before, after).map((entry) => `${title} ${ink.bad('−')} ${text([entry])}`);
      const come = without(after, before).map(
        (entry) => `${title} ${ink.good('+')} ${ink.strong(text([entry]))}`,
      );
      if (gone.length + come.length > 0) return [...gone, ...come];
    }
    return [`${title} ${text(before) || ink.dim('–')} → ${ink.strong(text(after) || '–')}`];
  });
}

const without = (list: readonly unknown[], other: readonly unknown[]): readonly unknown[] => {
  const there = new Set(other.map((entry) => JSON.stringify(entry)));
  return list.filter((entry) => !there.has(JSON.stringify(entry)));
};

/** What hangs on a record, one line for each field that refers to it. */
export function affectLines(affects: readonly Affected[]): readonly string[] {
  return affects.map(({ objectType, field, count, names }) => {
    const other = definitionOf(objectType as RecordDefinition['objectType']);
    const listed = names.length < count ? `${names.join(', ')}, …` : names.join(', ');
    return `  ${count} ${count === 1 ? `${other.title} refers` : `${other.plural} refer`} to it as ${fieldTitle(other, field)}: ${listed}`;
  });
}
