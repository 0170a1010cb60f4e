import type { RecordDefinition } from '../records/definition.ts';
import type { Field, ItemsField } from '../records/field.ts';
import { isSchedule, scheduleText } from '../records/item-text.ts';
import { type Day, formatDay, formatWeekdays, type Weekday } from '../values/day.ts';
import { type Instant, isoInstant } from '../values/instant.ts';
import { escapeCell } from './escape.ts';

/** What stands in every export besides the record's own fields; the dates only where they are asked for. */
const COMMON: Readonly<Record<string, Field>> = {
  id: { kind: 'id', generated: true, help: '' },
  internalKey: { kind: 'text', format: 'plain', max: 200, fold: false, help: '' },
  createdDate: { kind: 'instant', day: 'start', help: '' },
  updatedDate: { kind: 'instant', day: 'start', help: '' },
};

/** The columns that `--fields` may name: fields that can be read at all, and what every record has. */
export const exportable = ({ fields }: RecordDefinition): readonly string[] => [
  'id',
  ...Object.keys(fields).filter((name) => fields[name]?.kind !== 'secret'),
  'internalKey',
  'createdDate',
  'updatedDate',
];

/** The columns of an export: id, the fields in the order of their definition, internalKey (spec section 7). */
export const exportColumns = (definition: RecordDefinition, withProtected: boolean): readonly string[] =>
  exportable(definition).filter(
    (name) =>
      name !== 'createdDate' &&
      name !== 'updatedDate' &&
      (withProtected || definition.fields[name]?.protected !== true),
  );

/** How a value of a column becomes a cell: as text that an import reads as the same value, before it is quoted. */
export type CellText = (value: unknown) => string;

/** The texts of a kind's column. `raw`: not escaped, so a spreadsheet may run what begins with `=`. */
export function cellText(
  definition: RecordDefinition,
  name: string,
  { timeZone, raw }: { readonly timeZone: string; readonly raw: boolean },
): CellText {
  const field = definition.fields[name] ?? COMMON[name];
  if (field === undefined) throw new Error(`${definition.objectType} has no field ${name}`);
  const safe: (text: string) => string = raw ? (text) => text : escapeCell;
  switch (field.kind) {
    case 'text':
      return field.format === 'phone' ? String : (value) => safe(value as string);
    case 'reference':
      return (value) => safe(value as string);
    case 'references':
    case 'tags':
      return (value) => safe(entriesText(value as readonly string[]));
    case 'items':
      return (value) => safe(itemsText(field, value as readonly Item[]));
    case 'day':
      return (value) => formatDay(value as Day);
    case 'instant':
      return (value) => isoInstant(value as Instant, timeZone);
    case 'weekdays':
      return (value) => formatWeekdays(value as readonly Weekday[]);
    case 'settings':
      return (value) => JSON.stringify(value);
    case 'choice':
    case 'integer':
    case 'boolean':
    case 'id':
    case 'secret':
      return String;
  }
}

/** Entries joined by `;`, or where that could be read otherwise a JSON array. An empty collection is an empty cell. */
function entriesText(entries: readonly string[]): string {
  if (entries.length === 0) return '';
  const [first = ''] = entries;
  if (entries.length === 1 && !/[;,|]/.test(first) && !first.startsWith('[')) return first;
  const isPlain = entries.every((entry) => !/[;,|]/.test(entry)) && !first.startsWith('[');
  return isPlain ? entries.join(';') : JSON.stringify(entries);
}

type Item = Readonly<Record<string, unknown>>;

/** Times as people write them (`08:15 MON-FRI return;…`); other lists of objects as JSON. */
function itemsText(field: ItemsField, items: readonly Item[]): string {
  if (items.length === 0) return '';
  if (isSchedule(field))
    return items.map((item) => scheduleText(item, (day) => formatDay(day as Day))).join(';');
  return JSON.stringify(items.map((item) => withoutEmpty(field, item)));
}

function withoutEmpty({ fields }: ItemsField, item: Item): Item {
  return Object.fromEntries(
    [...new Set([...Object.keys(fields), ...Object.keys(item)])].flatMap((name) => {
      const value = item[name];
      const isEmpty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
      return isEmpty ? [] : [[name, value]];
    }),
  );
}
