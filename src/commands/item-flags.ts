import type { Values } from '../records/definition.ts';
import type { Field, ItemsField } from '../records/field.ts';
import { kebab } from '../records/names.ts';
import { invalid, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import type { CommandContext } from './context.ts';
import { naming } from './session.ts';

type ReadText = (field: Field, text: string, flag: string, context: CommandContext) => Promise<unknown>;

/** An item has a schedule when it begins with a time and weekdays: those have a form of their own. */
const isSchedule = (field: ItemsField): boolean => 'time' in field.fields && 'weekdays' in field.fields;

export const itemPlaceholder = (field: ItemsField): string =>
  isSchedule(field) ? '<time and days>' : `<${firstName(field)}>`;

/**
 * An item of a collection from one text: `08:15 MON-FRI [return] [until DAY]` for a time that a run goes out;
 * `Home; city=Dublin` for anything else, the first part being its first field.
 */
export function itemFromText(
  field: ItemsField,
  text: string,
  flag: string,
  context: CommandContext,
  read: ReadText,
): Promise<Values> {
  return isSchedule(field)
    ? scheduleFromText(field, text, flag, context, read)
    : namedParts(field, text, flag, context, read);
}

async function scheduleFromText(
  field: ItemsField,
  text: string,
  flag: string,
  context: CommandContext,
  read: ReadText,
): Promise<Values> {
  const match = /^\s*(\S+)\s+(.+?)(\s+return)?(?:\s+until\s+(\S+))?(\s+return)?\s*$/i.exec(text);
  const [, time, days, back, until, backToo] = match ?? [];
  if (time === undefined || days === undefined)
    return naming(flag, text, () => {
      throw invalid(
        `${quote(text)} is not a time with its weekdays`,
        `write it as "08:15 MON-FRI", or "15:30 MON,WED return"`,
      );
    });
  const endDay = field.fields['endDay'];
  return {
    time,
    weekdays: days.replace(/\s*([,-])\s*/g, '$1'),
    ...(back === undefined && backToo === undefined ? {} : { isReturn: true }),
    ...(until === undefined || endDay === undefined
      ? {}
      : { endDay: await read(endDay, until, flag, context) }),
  };
}

async function namedParts(
  field: ItemsField,
  text: string,
  flag: string,
  context: CommandContext,
  read: ReadText,
): Promise<Values> {
  const item: Record<string, unknown> = {};
  for (const [index, part] of text.split(';').entries()) {
    const at = part.indexOf('=');
    const name =
      at < 0 && index === 0
        ? firstName(field)
        : partName(field, part.slice(0, Math.max(0, at)).trim(), flag, text);
    item[name] = await read(field.fields[name] as Field, part.slice(at + 1).trim(), flag, context);
  }
  return item;
}

const firstName = (field: ItemsField): string =>
  Object.entries(field.fields).find(([, own]) => own.kind !== 'id' || !own.generated)?.[0] ?? '';

function partName(field: ItemsField, given: string, flag: string, text: string): string {
  const names = Object.keys(field.fields);
  const found = names.find((name) => name === given || kebab(name) === given);
  if (found !== undefined) return found;
  const near = nearest(given, names, 1)[0];
  return naming(flag, text, () => {
    throw invalid(
      `${quote(text)} has the part ${quote(given)}, which is no field`,
      near === undefined
        ? `write parts as name=value, joined by ; with the names ${names.map(kebab).join(', ')}`
        : `did you mean ${kebab(near)}?`,
    );
  });
}
