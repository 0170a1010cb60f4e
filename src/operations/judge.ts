import { loadFormats } from '../contract/formats.ts';
import { referencesIn } from '../db/present.ts';
import type { StoredRecord } from '../db/record-store.ts';
import { checkInput } from '../records/check.ts';
import type { RecordDefinition, Values } from '../records/definition.ts';
import { type ErrorDetail, invalid, quote } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { cleanText } from '../values/text.ts';
import { refusal } from './refusal.ts';
import { resolveReferences } from './resolve-input.ts';
import type { Work } from './work.ts';

export interface Judged {
  /** Stored values: references are ids. */
  readonly values: Values;
  readonly warnings: readonly ErrorDetail[];
}

const NONE: ReadonlySet<Id> = new Set();

/**
 * Checks input and resolves its references; throws everything that is wrong at once. Records in `held` may be
 * referred to by id though they are deleted: whoever refers to one already may keep it.
 */
export async function judge(
  work: Work,
  definition: RecordDefinition,
  input: Values,
  mode: 'create' | 'update',
  held: ReadonlySet<Id> = NONE,
): Promise<Judged> {
  const formats = await loadFormats(work.client.country, definition.fields, input);
  const checked = checkInput(definition, input, mode, formats);
  const resolved = await resolveReferences(work, definition.fields, checked.values, held);
  const error = refusal(checked.problems, resolved.problems);
  if (error !== undefined) throw error;
  return { values: resolved.values, warnings: checked.warnings };
}

/** The records that a record refers to. */
export const heldBy = (definition: RecordDefinition, record: StoredRecord): ReadonlySet<Id> =>
  new Set([...referencesIn(definition.fields, record.values)].map(([, id]) => id));

/** The internal key of an input: undefined where none is given, null where it is cleared. */
export function internalKey(input: Values): string | null | undefined {
  const key = Object.hasOwn(input, 'internalKey') ? input['internalKey'] : undefined;
  if (key === undefined) return undefined;
  if (key === null || key === '') return null;
  const clean = typeof key === 'string' ? cleanText(key, { multiline: false, max: 200 }) : undefined;
  if (clean?.ok === true && clean.text !== '') return clean.text;
  const what = 'is not plain text of at most 200 characters';
  throw invalid(`internalKey ${quote(key)} ${what}`, 'give another key', [
    { field: 'internalKey', message: `internalKey ${what}`, hint: 'give another key' },
  ]);
}
