import type { RecordDefinition, Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import { words } from '../terminal/plain.ts';
import { recordText } from './record-text.ts';

/** The ways in which a record is called apart from its handle. */
const NAMES = ['name', 'displayName'] as const;

/** How a list to pick from calls a record: `ACME  Acme Ltd`, `Ann Byrne (D7)`. */
export function pickName(definition: RecordDefinition, record: Values): string {
  const called = displayName(definition.objectType, record);
  const more = NAMES.map((name) => record[name]).find(
    (text) => typeof text === 'string' && text !== '' && !called.includes(text),
  );
  return more === undefined ? called : `${called}  ${String(more)}`;
}

/**
 * What else there is to tell two records apart by, in the words of the tables: the columns of the kind, or those of
 * `names`, without what the name says already; yes is told by the field's name, no by nothing.
 */
export function pickDescription(
  definition: RecordDefinition,
  record: Values,
  timeZone: string,
  names: readonly string[] = definition.columns,
): string {
  const called = pickName(definition, record);
  return names
    .filter((name) => name !== 'id')
    .map((name) => {
      if (definition.fields[name]?.kind === 'boolean') return record[name] === true ? words(name) : '';
      return recordText(definition, name, record, { timeZone, for: 'people' });
    })
    .filter((text) => text !== '' && !called.includes(text))
    .join('  ');
}
