import type { Affected, Changed } from '../contract/change.ts';
import type { AnyRecord, CommonValues, RecordDefinition, Values } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { settingNames, settingsInForce } from '../records/settings.ts';
import { type Block, type Column, type Ink, table } from '../terminal/answer.ts';
import { addDays, type Day, daysBetween, formatDay, WEEKDAYS, weekdayOf } from '../values/day.ts';
import type { Instant } from '../values/instant.ts';
import { dayAt } from '../values/zone.ts';
import type { Verb } from './any-api.ts';
import type { CommandContext } from './context.ts';
import { recordCard } from './record-card.ts';
import { called, fieldNames, fieldTitle, recordColumns, recordText } from './record-text.ts';

/** A change to a record of any kind. */
export type AnyChanged = Changed<CommonValues>;

/** Prints one record: a card for people, with `more` after the values of some fields. */
export async function answerRecord(
  context: CommandContext,
  definition: RecordDefinition,
  record: CommonValues,
  more?: (ink: Ink) => Readonly<Record<string, string>>,
): Promise<void> {
  const { now, timeZone } = await context.clock();
  await context.answer({
    value: record,
    columns: recordColumns(definition, { timeZone }) as readonly Column<never>[],
    draw: (ink) => [
      `${called(definition, { ...record }, ink)}${record.deletedAt === null ? '' : ` ${ink.bad('(deleted)')}`}`,
      recordCard(definition, { ...record }, ink, { timeZone, now, for: 'people' }, more?.(ink)),
    ],
  });
}

/** Prints records as a table; `columns` where the kind's own do not fit. The count goes to stderr. */
export async function answerList(
  context: CommandContext,
  definition: RecordDefinition,
  records: readonly AnyRecord[],
  more: {
    readonly cut?: boolean;
    /** Drawn as a table for each week in which something expires, the earliest first. */
    readonly byWeek?: boolean;
    readonly columns?: readonly Column<Values>[];
    readonly all?: readonly Column<Values>[];
  } = {},
): Promise<void> {
  const { now, timeZone } = await context.clock();
  const columns = more.columns ?? recordColumns(definition, { timeZone, now }, definition.columns);
  await context.answer({
    value: records,
    columns: (more.all ?? recordColumns(definition, { timeZone })) as readonly Column<never>[],
    draw: (ink) => {
      if (records.length === 0) return [];
      return more.byWeek === true
        ? weekBlocks(columns, records, { now, timeZone }, ink)
        : [table(columns, records)];
    },
  });
  const count = `${records.length} ${records.length === 1 ? definition.title : definition.plural}`;
  if (more.cut === true)
    await context.warn(
      `only the first ${records.length === 1 ? `${definition.title} is` : `${count} are`} shown: --limit ${records.length * 10} shows more, -o json all`,
    );
  else if (context.globals.output === 'table') await context.note(count);
}

/** A heading and a table for each week; what never expires is not in such a list. */
function weekBlocks(
  columns: readonly Column<Values>[],
  records: readonly AnyRecord[],
  { now, timeZone }: { readonly now: Instant; readonly timeZone: string },
  ink: Ink,
): readonly Block[] {
  const expiryOf = (record: Values) => record['expiresAt'] as Instant;
  const mondayOf = (instant: Instant): Day => {
    const day = dayAt(instant, timeZone);
    return addDays(day, -WEEKDAYS.indexOf(weekdayOf(day)));
  };
  const weeks = new Map<Day, AnyRecord[]>();
  for (const record of [...records].sort((a, b) => expiryOf(a) - expiryOf(b))) {
    // An expiry is the moment after the last that it holds.
    const week = mondayOf((expiryOf(record) - 1) as Instant);
    weeks.set(week, [...(weeks.get(week) ?? []), record]);
  }
  const names = ['this week', 'next week'];
  return [...weeks].flatMap(([monday, rows], index) => {
    const ahead = names[daysBetween(mondayOf(now), monday) / 7];
    const title = `week of ${formatDay(monday)}${ahead === undefined ? '' : `, ${ahead}`}: ${rows.length}`;
    return [...(index === 0 ? [] : ['']), ink.accent(title), table(columns, rows)];
  });
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
    isReport: true,
    columns: recordColumns(definition, { timeZone }) as readonly Column<never>[],
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
  const isDryRun = changed.dryRun === true;
  const done = DONE[verb][isDryRun ? 1 : 0];
  const head = `${verb === 'delete' ? ink.warn(done) : ink.good(done)}`;
  const lines = () => changeLines(definition, changed, ink, timeZone, changed);
  switch (verb) {
    case 'update':
      return [`${head} ${name}`, ...lines()];
    // The id of what would be created is none that it will have.
    case 'create':
      return isDryRun
        ? [`${head} ${called(definition, { ...changed }, ink)}`, ...lines()]
        : [`${head} ${name}`];
    case 'restore':
      return [`${head} ${name}`, ...(isDryRun ? lines() : [])];
    case 'delete': {
      const affects = affectLines(changed.affects ?? [], definition.objectType);
      const none = isDryRun ? ['  nothing refers to it'] : [];
      return [`${head} ${name}`, ...(affects.length === 0 ? none : affects)];
    }
  }
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
    if (definition.fields[field]?.kind === 'settings') return settingLines(before, after, ink);
    const text = (value: unknown) =>
      recordText(definition, field, { ...record, [field]: value }, { timeZone, for: 'people' });
    if (Array.isArray(before) && Array.isArray(after)) {
      const gone = without(before, after).map((entry) => `${title} ${ink.bad('−')} ${text([entry])}`);
      const come = without(after, before).map(
        (entry) => `${title} ${ink.good('+')} ${ink.strong(text([entry]))}`,
      );
      if (gone.length + come.length > 0) return [...gone, ...come];
    }
    const [was, is] = [text(before), text(after)];
    // Both empty is nothing that a person could tell apart.
    return was === '' && is === '' ? [] : [`${title} ${was || ink.dim('–')} → ${ink.strong(is || '–')}`];
  });
}

/** `  dispatch.approvedScpDrivers: on → off`, one for each setting that changed; one that was not set had its default. */
function settingLines(before: unknown, after: unknown, ink: Ink): readonly string[] {
  const [was, is] = [before, after].map((set) => settingsInForce((set ?? {}) as Record<string, unknown>));
  const text = (value: unknown) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));
  return settingNames.flatMap((name) =>
    was?.[name] === is?.[name] ? [] : [`  ${name}: ${text(was?.[name])} → ${ink.strong(text(is?.[name]))}`],
  );
}

const without = (list: readonly unknown[], other: readonly unknown[]): readonly unknown[] => {
  const there = new Set(other.map((entry) => JSON.stringify(entry)));
  return list.filter((entry) => !there.has(JSON.stringify(entry)));
};

/** What hangs on a record, one line for each field that refers to it. */
export function affectLines(affects: readonly Affected[], type?: ObjectType): readonly string[] {
  return affects.map(({ objectType, field, count, names }) => {
    const other = definitionOf(objectType as RecordDefinition['objectType']);
    const listed = names.length < count ? `${names.join(', ')}, …` : names.join(', ');
    return `  ${count} ${count === 1 ? `${other.title} refers` : `${other.plural} refer`} to it as ${role(other, field, type)}: ${listed}`;
  });
}

/** A segment names its customer first, but those who ride with them stand in it, too. */
const role = (other: RecordDefinition, field: string, type: ObjectType | undefined): string =>
  field === 'tripSegments' && type === 'SpecialCategoryPassenger' ? 'passenger' : fieldTitle(other, field);
