import { commonFields, type RecordDefinition, type Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { Field, Fields, InstantField, ItemsField, ObjectType, Reference } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { CardBlock, Column, Ink } from '../terminal/answer.ts';
import { plainText, words } from '../terminal/plain.ts';
import { type Day, formatDay, formatWeekdays, type Weekday } from '../values/day.ts';
import { formatInstant, type Instant, isoInstant } from '../values/instant.ts';

/** How values are written: for people, or so that a program reads them back. */
export interface Style {
  readonly timeZone: string;
  readonly for: 'people' | 'programs';
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
      return formatDay(value as Day);
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

/** An expiry that was given as a day is the midnight after it; people are shown the day. */
function instantText(field: InstantField, value: Instant, { timeZone, for: reader }: Style): string {
  if (reader === 'programs') return isoInstant(value, timeZone);
  const text = formatInstant(value, timeZone);
  const isEndOfDay = field.day === 'through' && text.endsWith(' 00:00');
  return isEndOfDay ? `through ${formatInstant((value - 1) as Instant, timeZone).slice(0, 10)}` : text;
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
function itemText(field: ItemsField, item: Values, style: Style, record: Values): string {
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

/** A column for each name, or for each that `--fields` may give. */
export function recordColumns(
  definition: RecordDefinition,
  timeZone: string,
  names: readonly string[] = fieldNames(definition),
): readonly Column<Values>[] {
  return names.map((name) => {
    const kind = (definition.fields[name] ?? COMMON[name])?.kind;
    return {
      name,
      title: fieldTitle(definition, name),
      whole:
        kind === 'id' ||
        kind === 'instant' ||
        kind === 'day' ||
        kind === 'integer' ||
        kind === 'choice' ||
        isPhone(definition.fields[name]),
      ...(kind === 'integer' ? { align: 'right' as const } : {}),
      text: (record, ink) => {
        const text = recordText(definition, name, record, { timeZone, for: 'people' });
        return name === 'id' ? ink.dim(text) : text;
      },
      plain: (record) => recordText(definition, name, record, { timeZone, for: 'programs' }),
    };
  });
}

const isPhone = (field: Field | undefined): boolean =>
  field?.kind === 'text' && (field.format === 'phone' || field.format === 'timeOfDay');

/** A record as a card: its fields in the order of its kind, references by name with their ids dimmed. */
export function recordCard(
  definition: RecordDefinition,
  record: Values,
  ink: Ink,
  timeZone: string,
): CardBlock {
  const style: Style = { timeZone, for: 'people' };
  const own = Object.entries(definition.fields).filter(([, field]) => field.kind !== 'secret');
  const shown = own.map(([name, field]) => {
    const text = fieldText(field, record[name], style, record);
    const id = field.kind === 'reference' && text !== '' ? ` ${ink.dim((record[name] as Reference).id)}` : '';
    return [fieldTitle(definition, name), text === '' ? null : text + id] as const;
  });
  const common = (
    ['id', 'internalKey', 'createdDate', 'updatedDate', 'deletedAt', 'deletedBy'] as const
  ).flatMap((name) => {
    const text = recordText(definition, name, record, style);
    return text === '' ? [] : [[fieldTitle(definition, name), text] as const];
  });
  return { card: [...shown, ...common] };
}

/** `driver Ann Byrne (D7)`. */
export const called = (definition: RecordDefinition, record: Values, ink: Ink): string =>
  `${definition.title} ${ink.strong(displayName(definition.objectType, record))}`;
