import type { RecordDefinition, Values } from '../records/definition.ts';
import type { Field, ItemsField, Reference } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { addressFields, companyFields } from '../records/shared-fields.ts';
import { type CardBlock, type CardEntry, GROUP, type Ink } from '../terminal/answer.ts';
import { fieldText, fieldTitle, inked, recordText, type Style } from './record-text.ts';

/** Long texts, which stand after what is short. */
const NOTES = ['notes', 'driverNote', 'managementNote'];
const COMMON = ['id', 'internalKey', 'createdDate', 'updatedDate', 'deletedAt', 'deletedBy'];

/**
 * A record as a card: its fields in the order of its kind, in groups; references by name with their ids dimmed; of
 * several each on a line. `more` stands after a field's value, by its name.
 */
export function recordCard(
  definition: RecordDefinition,
  record: Values,
  ink: Ink,
  style: Style,
  more: Readonly<Record<string, string>> = {},
): CardBlock {
  const shown = Object.keys(definition.fields).filter((name) => definition.fields[name]?.kind !== 'secret');
  const groups = [Object.keys(addressFields), Object.keys(companyFields), NOTES];
  const main = shown.filter((name) => !groups.some((group) => group.includes(name)));
  const entry = (name: string): CardEntry => {
    const text = cardText(definition, name, record, ink, style);
    const added = more[name];
    const value = added === undefined ? text : `${text}${text === '' ? '' : ' '}${added}`;
    return [fieldTitle(definition, name), value === '' ? null : value];
  };
  const common = COMMON.map(entry).filter(([, value]) => value !== null);
  return {
    card: [
      ...main.map(entry),
      ...groups.flatMap(
        (group) => [GROUP, ...shown.filter((name) => group.includes(name)).map(entry)] as const,
      ),
      GROUP,
      ...common,
    ],
  };
}

function cardText(
  definition: RecordDefinition,
  name: string,
  record: Values,
  ink: Ink,
  style: Style,
): string {
  const field = definition.fields[name];
  const value = record[name];
  if (field === undefined || value === null || value === undefined)
    return recordText(definition, name, record, style);
  if (field.kind === 'reference') return withId(field, value as Reference, ink, style);
  if (field.kind === 'references' && !isShort(field))
    return (value as readonly Reference[])
      .map((one) => withId({ ...field, kind: 'reference' }, one, ink, style))
      .join('\n');
  if (field.kind === 'items') return itemLines(field, value as readonly Values[], record, style);
  if (field.kind === 'boolean' && name === 'active' && value === false) return ink.warn('no');
  return inked(field, value, fieldText(field, value, style, record), ink);
}

const withId = (field: Field, one: Reference, ink: Ink, style: Style): string =>
  `${fieldText(field, one, style)} ${ink.dim(one.id)}`;

const itemLines = (field: ItemsField, items: readonly Values[], record: Values, style: Style): string =>
  items.map((item) => fieldText(field, [item], style, record)).join('\n');

/** Whether each is a code, so that all stand on one line. */
const isShort = (field: Field): boolean =>
  field.kind === 'references' && definitionOf(field.target).label.includes('code');
