import type { RecordDefinition } from '../records/definition.ts';
import { invalid, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import { ColumnNames } from './columns.ts';
import type { Understood } from './understood.ts';

/** The fields that `--key` names, by their names, flags or synonyms; undefined where none are named. */
export function keyFields(
  definition: RecordDefinition,
  key: readonly string[] | undefined,
): readonly string[] | undefined {
  if (key === undefined || key.length === 0) return undefined;
  const names = new ColumnNames(definition);
  return key.map((name) => {
    const field = names.find(name);
    if (
      field !== undefined &&
      (field === 'internalKey' || field === 'id' || definition.fields[field] !== undefined)
    )
      return field;
    const near = nearest(name, names.spelt, 1)[0];
    throw invalid(
      `--key ${quote(name)} is no field of ${definition.plural}`,
      near === undefined ? `give ${ways(definition)}` : `did you mean ${near}?`,
    );
  });
}

/** Refuses a file in which no row can say which record it is about. Throws INVALID. */
export function requireKey(
  definition: RecordDefinition,
  { file, columns }: Understood,
  key: readonly string[] | undefined,
): void {
  const given = new Set(columns.flatMap(({ field }) => (field === null ? [] : [field])));
  const wanted = key ?? definition.unique[0]?.fields ?? [];
  const missing = wanted.filter((field) => !given.has(field));
  // A customer without a phone is known by the e-mail address.
  const isKnown = key === undefined && wanted[0] === 'phone' && given.has('email');
  if (given.has('id') || missing.length === 0 || isKnown) return;
  const other = key === undefined && given.has('internalKey') ? ', or say --key internalKey' : '';
  throw invalid(
    `${quote(file)} has no column for ${missing.join(' and ')}, by which ${definition.plural} are matched`,
    `add one, name one with --map "HEADER=${missing[0]}"${other}, or give an id column`,
    missing.map((field) => ({ field, message: `there is no column for ${field}` })),
  );
}

const ways = ({ unique, handles }: RecordDefinition): string =>
  [
    ...new Set([
      ...unique.map(({ fields }) => fields.join(',')),
      ...handles.flatMap(({ fields }) => (fields.length === 1 ? fields : [])),
      'internalKey',
    ]),
  ].join(' or ');
