import { formatWeekdays, type Weekday } from '../values/day.ts';
import { invalid, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import type { Values } from './definition.ts';
import type { ItemsField } from './field.ts';
import { kebab } from './names.ts';

/** An item has a schedule when it begins with a time and weekdays: those have a form of their own. */
export const isSchedule = (field: ItemsField): boolean =>
  'time' in field.fields && 'weekdays' in field.fields;

/** The field that the first part of an item's text gives. */
export const firstItemField = (field: ItemsField): string =>
  Object.entries(field.fields).find(([, own]) => own.kind !== 'id' || !own.generated)?.[0] ?? '';

/**
 * The parts of an item that is written as one text, by field, still as text: `08:15 MON-FRI [return] [until DAY]` for a
 * time that a run goes out; `Home; city=Dublin` for anything else, the first part being its first field. Throws INVALID.
 */
export function itemFromText(field: ItemsField, text: string): Readonly<Record<string, string | true>> {
  return isSchedule(field) ? schedule(text) : namedParts(field, text);
}

function schedule(text: string): Readonly<Record<string, string | true>> {
  const match = /^\s*(\S+)\s+(.+?)(\s+return)?(?:\s+until\s+(\S+))?(\s+return)?\s*$/i.exec(text);
  const [, time, days, back, until, backToo] = match ?? [];
  if (time === undefined || days === undefined)
    throw invalid(
      `${quote(text)} is not a time with its weekdays`,
      `write it as "08:15 MON-FRI", or "15:30 MON,WED return"`,
    );
  return {
    time,
    weekdays: days.replace(/\s*([,-])\s*/g, '$1'),
    ...(back === undefined && backToo === undefined ? {} : { isReturn: true }),
    ...(until === undefined ? {} : { endDay: until }),
  };
}

/** The text of a time that a run goes out; `itemFromText` reads it back. `formatDay` writes its last day. */
export function scheduleText(item: Values, formatDay: (day: number) => string): string {
  const until = typeof item['endDay'] === 'number' ? ` until ${formatDay(item['endDay'])}` : '';
  const weekdays = formatWeekdays(item['weekdays'] as readonly Weekday[]);
  return `${item['time']} ${weekdays}${item['isReturn'] === true ? ' return' : ''}${until}`;
}

function namedParts(field: ItemsField, text: string): Readonly<Record<string, string>> {
  const item: Record<string, string> = {};
  for (const [index, part] of text.split(';').entries()) {
    const at = part.indexOf('=');
    const name =
      at < 0 && index === 0
        ? firstItemField(field)
        : partName(field, part.slice(0, Math.max(0, at)).trim(), text);
    item[name] = part.slice(at + 1).trim();
  }
  return item;
}

function partName(field: ItemsField, given: string, text: string): string {
  const names = Object.keys(field.fields);
  const found = names.find((name) => name === given || kebab(name) === given);
  if (found !== undefined) return found;
  const near = nearest(given, names, 1)[0];
  throw invalid(
    `${quote(text)} has the part ${quote(given)}, which is no field`,
    near === undefined
      ? `write parts as name=value, joined by ; with the names ${names.map(kebab).join(', ')}`
      : `did you mean ${kebab(near)}?`,
  );
}
