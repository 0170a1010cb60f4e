import { commonFields, type RecordDefinition, type Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { Field, Fields, InstantField, ItemsField, ObjectType, Reference } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { Column, Ink } from '../terminal/answer.ts';
import { plainText, words } from '../terminal/plain.ts';
import { type Day, daysBetween, formatDay, formatWeekdays, type Weekday, weekdayOf } from '../values/day.ts';
import { formatInstant, type Instant, isoInstant, relativeAge } from '../values/instant.ts';
import { dayAt } from '../values/zone.ts';

/** How values are written: for people, or so that a program reads them back. */
export interface Style {
  readonly timeZone: string;
  readonly for: 'people' | 'programs';
  /** For people: days and instants also say how far they lie from here. */
  readonly now?: Instant;
}

/** A value of a field as text; empty for none. `record` is the one it belongs to, where an item refers to its siblings. */
export function fieldText(field: Field, value: unknown, style: Style, record: Values = {}): string {
  if (value === null || value === undefined) return '';
  const between = style.for === 'people' ? ', ' : ';';
  switch (field.kind) {
    case 'boolean':
      if (style.for === 'programs') return String(value);
      return value === true ? 'yes' : 'no';
    case 'day':
      return dayText(value as Day, style);
    case 'instant':
      return instantText(field, value as Instant, style);
    case 'weekdays':
      return formatWeekdays(value as readonly Weekday[]);
    case 'reference':
      return referenceText(field.target, value as Reference, style);
    case 'references':
      return (value as readonly Reference[])
        .map((one) => referenceText(field.target, one, style))
        .join(between);
    case 'tags':
      return (value as readonly string[]).join(between);
    case 'items':
      return (value as readonly Values[])
        .map((item) => itemText(field, item, style, record))
        .join(style.for === 'people' ? '; ' : ';');
    case 'settings':
      return Object.entries(value as object)
        .map(([name, set]) => `${name}=${plainText(set)}`)
        .join(between);
    case 'secret':
      return '';
    case 'text':
    case 'choice':
    case 'integer':
    case 'id':
      return String(value);
  }
}

function dayText(value: Day, { timeZone, now, for: reader }: Style): string {
  if (reader === 'programs' || now === undefined) return formatDay(value);
  return `${weekdayOf(value)}\u00a0${formatDay(value)} (${dayDistance(value, dayAt(now, timeZone))})`;
}

/** An expiry that was given as a day is the midnight after it; people are shown the day. */
function instantText(field: InstantField, value: Instant, style: Style): string {
  const { timeZone, now, for: reader } = style;
  if (reader === 'programs') return isoInstant(value, timeZone);
  const day = lastDay(field, value, timeZone);
  const text = day === undefined ? formatInstant(value, timeZone) : `through ${day}`;
  return now === undefined ? text : `${text} (${relativeAge(value, now)})`;
}

/** The day through the end of which an expiry lasts, as `2026-08-31`; undefined where it ends within a day. */
function lastDay(field: InstantField, value: Instant, timeZone: string): string | undefined {
  if (field.day !== 'through' || !formatInstant(value, timeZone).endsWith(' 00:00')) return undefined;
  return formatInstant((value - 1) as Instant, timeZone).slice(0, 10);
}

/** `today`, `in 3 days`, `2 months ago`. */
function dayDistance(day: Day, today: Day): string {
  const days = daysBetween(today, day);
  const near = { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days];
  return near ?? relativeAge((days * 86_400) as Instant, 0 as Instant);
}

/** People read what a record is called; programs its first natural handle, which names it when it is read back. */
function referenceText(type: ObjectType, reference: Reference, style: Style): string {
  if (style.for === 'people') return displayName(type, reference);
  for (const handle of definitionOf(type).handles) {
    const parts = handle.fields
      .map((name) => reference[name])
      .filter((part) => typeof part === 'string' && part !== '');
    if (parts.length < handle.fields.length) continue;
    const parent = handle.within === undefined ? undefined : definitionOf(type).fields[handle.within];
    const within =
      parent?.kind === 'reference'
        ? referenceText(parent.target, reference[handle.within ?? ''] as Reference, style)
        : undefined;
    return within === undefined ? parts.join(' ') : `${within}/${parts.join(' ')}`;
  }
  return reference.id;
}

/** `08:15 MON-FRI return`, `Ann Byrne + Aoife K.`, `Home, 12 Main St, Dublin`. */
function itemText(field: ItemsField, item: Values, { timeZone, for: reader }: Style, record: Values): string {
  const style: Style = { timeZone, for: reader };
  const inner = Object.entries(field.fields);
  const parts = inner.flatMap(([name, own]) => {
    if (own.kind === 'id') return own.generated ? [] : [atTime(item[name], record)];
    if (own.kind === 'boolean') return item[name] === true ? [words(name).replace(/^is /, '')] : [];
    if (own.kind === 'day' && inner[0]?.[0] !== name)
      return item[name] == null ? [] : [`until ${fieldText(own, item[name], style)}`];
    return [fieldText(own, item[name], style)];
  });
  return parts.filter((part) => part !== '').join(joinOf(inner.map(([, own]) => own)));
}

function joinOf(fields: readonly Field[]): string {
  if (fields.every((field) => field.kind === 'reference' || field.kind === 'references')) return ' + ';
  return fields.every((field) => field.kind === 'text') ? ', ' : ' ';
}

/** Where an item names one of its record's times by id, the time. */
function atTime(id: unknown, record: Values): string {
  if (typeof id !== 'string') return '';
  const times = Array.isArray(record['times']) ? (record['times'] as readonly Values[]) : [];
  return `at ${String(times.find((time) => time['id'] === id)?.['time'] ?? id)}`;
}

/** The fields that every record has, as far as people are shown them. */
const COMMON: Fields = {
  id: { kind: 'id', generated: true, help: '' },
  clientId: { kind: 'id', generated: true, help: '' },
  createdDate: { kind: 'instant', day: 'start', help: '' },
  updatedDate: { kind: 'instant', day: 'start', help: '' },
  passiveUpdatedDate: { kind: 'instant', day: 'start', help: '' },
  listingUpdatedDate: { kind: 'instant', day: 'start', help: '' },
  deletedAt: { kind: 'instant', day: 'start', help: '' },
};

/** The names that `--fields` may give for a kind. */
export const fieldNames = (definition: RecordDefinition): readonly string[] => [
  ...new Set([...definition.columns, ...Object.keys(definition.fields), ...commonFields]),
];

/** A field of a record, its own or a common one, as text. */
export function recordText(definition: RecordDefinition, name: string, record: Values, style: Style): string {
  const field = definition.fields[name] ?? COMMON[name];
  return field === undefined ? plainText(record[name]) : fieldText(field, record[name], style, record);
}

/** What stands above a field's column and before its value: the flag's name where it has one of its own. */
export function fieldTitle(definition: RecordDefinition, name: string): string {
  const field = definition.fields[name];
  return words(field?.flag ?? name.replace(/^passiveUpdated/, 'passive updated').replace(/Date$/, ''));
}

/** A column for each name, or for each that `--fields` may give; instants with their age where `now` is told. */
export function recordColumns(
  definition: RecordDefinition,
  { timeZone, now }: { readonly timeZone: string; readonly now?: Instant },
  names: readonly string[] = fieldNames(definition),
): readonly Column<Values>[] {
  const people: Style = { timeZone, for: 'people' };
  return names.map((name) => {
    const field = definition.fields[name] ?? COMMON[name];
    const kind = field?.kind;
    return {
      name,
      title: fieldTitle(definition, name),
      whole:
        kind === 'instant'
          ? 'words'
          : kind === 'id' || kind === 'day' || kind === 'integer' || kind === 'choice' || isPhone(field),
      ...(kind === 'integer' ? { align: 'right' as const } : {}),
      text: (record, ink) => {
        if (field?.kind === 'instant' && now !== undefined)
          return agedInstant(field, record[name] as Instant | null, { timeZone, now }, ink);
        const text = recordText(definition, name, record, people);
        return name === 'id' ? ink.dim(text) : inked(field, record[name], text, ink);
      },
      plain: (record) => recordText(definition, name, record, { timeZone, for: 'programs' }),
    };
  });
}

/** `2026-08-31 in 7 months`, `2025-12-31 lapsed 12 days ago`: a day alone is through the end of it. */
function agedInstant(
  field: InstantField,
  value: Instant | null,
  { timeZone, now }: { readonly timeZone: string; readonly now: Instant },
  ink: Ink,
): string {
  if (value === null) return '';
  const text = (lastDay(field, value, timeZone) ?? formatInstant(value, timeZone)).replaceAll(' ', '\u00a0');
  const age = relativeAge(value, now).replaceAll(' ', '\u00a0');
  const isLapsed = field.day === 'through' && value <= now;
  return `${text} ${isLapsed ? ink.warn(`lapsed ${age}`) : ink.dim(age)}`;
}

/** Words that are good or bad news, in the colour of it. */
const NEWS: Readonly<Record<string, Exclude<keyof Ink, 'width'>>> = {
  ACTIVE: 'good',
  SUSPENDED: 'warn',
  INACTIVE: 'warn',
  CANCELLED: 'warn',
  HARD: 'strong',
  BLOCK: 'bad',
  RUN_ON: 'good',
  RUN_OFF: 'bad',
};

/** A field's text in the colour of its news; the words say the same. */
export function inked(field: Field | undefined, value: unknown, text: string, ink: Ink): string {
  const news = field?.kind === 'choice' ? NEWS[String(value)] : undefined;
  return news === undefined ? text : ink[news](text);
}

const isPhone = (field: Field | undefined): boolean =>
  field?.kind === 'text' && (field.format === 'phone' || field.format === 'timeOfDay');

/** `driver Ann Byrne (D7)`. */
export const called = (definition: RecordDefinition, record: Values, ink: Ink): string =>
  `${definition.title} ${ink.strong(displayName(definition.objectType, record))}`;
