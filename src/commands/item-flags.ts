import type { Values } from '../records/definition.ts';
import type { Field, ItemsField } from '../records/field.ts';
import { firstItemField, isSchedule, itemFromText as parseItem } from '../records/item-text.ts';
import type { CommandContext } from './context.ts';
import { naming } from './session.ts';

type ReadText = (field: Field, text: string, flag: string, context: CommandContext) => Promise<unknown>;

export const itemPlaceholder = (field: ItemsField): string =>
  isSchedule(field) ? '<time and days>' : `<${firstItemField(field)}>`;

/** An item of a collection from one text, in the forms of `records/item-text.ts`. */
export async function itemFromText(
  field: ItemsField,
  text: string,
  flag: string,
  context: CommandContext,
  read: ReadText,
): Promise<Values> {
  const parts = naming(flag, text, () => parseItem(field, text));
  const item: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(parts)) {
    const own = field.fields[name];
    if (own === undefined) continue;
    item[name] = part === true ? true : await read(own, part, flag, context);
  }
  return item;
}
