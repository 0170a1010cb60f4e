import type { AuditEvent, LogInput } from '../contract/log.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionByNoun, definitionOf, objectTypes } from '../records/registry.ts';
import type { Column } from '../terminal/answer.ts';
import { invalid, quote, type TphError } from '../values/error.ts';
import { parseId } from '../values/id.ts';
import { formatInstant, isoInstant } from '../values/instant.ts';
import { nearest } from '../values/nearest.ts';
import type { CommandContext } from './context.ts';

const PAGE = 500;

/** At most `limit` events, newest first, and whether there are more. */
export async function readEvents(
  context: CommandContext,
  input: LogInput,
  limit = Number.POSITIVE_INFINITY,
): Promise<{ readonly events: readonly AuditEvent[]; readonly more: boolean }> {
  const events: AuditEvent[] = [];
  let cursor: string | null = null;
  do {
    const wanted = Math.min(PAGE, limit - events.length);
    const page: { readonly items: readonly AuditEvent[]; readonly nextCursor: string | null } =
      await context.call(
        'log.list',
        { ...input, limit: wanted, ...(cursor === null ? {} : { cursor }) },
        { flags: { ref: '--object', objectType: '--object' } },
      );
    events.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && events.length < limit);
  return { events, more: cursor !== null };
}

/** The record that `--object` names: any reference, or `<noun>:<ref>` where a name fits several kinds. */
export function objectNamed(text: string): LogInput {
  const [, prefix = '', ref = ''] = /^([a-z]+):(.+)$/is.exec(text) ?? [];
  const noun = prefix.toLowerCase();
  if (noun === '' || noun === 'key') return { ref: text };
  if (noun === 'pref' && parseId(ref) !== undefined) return { ref };
  const definition = definitionByNoun(noun);
  if (definition !== undefined) return { objectType: definition.objectType, ref };
  const near = nearest(noun, [...new Set(objectTypes.map((type) => definitionOf(type).noun))], 1)[0];
  if (near === undefined) return { ref: text };
  if (near === 'pref')
    throw unclear(text, `${quote(text)} is no preference’s id`, 'find its id with `tph pref list`');
  throw unclear(text, `there is no kind ${quote(prefix)} of record`, `did you mean ${near}:${ref}?`);
}

const unclear = (value: string, message: string, hint: string): TphError =>
  invalid(message, hint, [{ field: '--object', value, message, hint }]);

/** What `--type` takes: the noun of each kind, or its type where a noun has several. */
export const kindNames: readonly string[] = objectTypes.map((type) => {
  const { noun } = definitionOf(type);
  return definitionByNoun(noun) === undefined ? type : noun;
});

/** The kind that `--type` names, by its noun or as JSON has it. */
export function typeNamed(text: string): ObjectType {
  const wanted = text.trim().toLowerCase();
  const type = objectTypes.find((one) => one.toLowerCase() === wanted);
  if (type !== undefined) return type;
  const definition = definitionByNoun(wanted);
  if (definition !== undefined) return definition.objectType;
  const names = [...new Set(objectTypes.map((one) => definitionOf(one).noun))];
  const both = objectTypes.filter((one) => definitionOf(one).noun === wanted);
  const near = nearest(wanted, names, 1)[0] ?? nearest(wanted, objectTypes, 1)[0];
  const listed = `give one of ${names.filter((name) => definitionByNoun(name) !== undefined).join(', ')}`;
  const hint =
    both.length > 0
      ? `give one of ${both.join(', ')}`
      : near === undefined
        ? listed
        : `did you mean ${near}? ${listed}`;
  const message = `--type ${quote(text)} is no one kind of record`;
  throw invalid(message, hint, [{ field: '--type', value: text, message, hint }]);
}

/** What `--fields` may name. */
export const EVENT_FIELDS = [
  'id',
  'at',
  'actor',
  'action',
  'object',
  'operation',
  'before',
  'after',
  'reason',
];

/** The columns of CSV. */
export function columnsFor(timeZone: string): readonly Column<never>[] {
  const json = (value: unknown): string => (value === null ? '' : JSON.stringify(value));
  return [
    { name: 'id', whole: true },
    {
      name: 'at',
      whole: true,
      text: ({ at }) => formatInstant(at, timeZone),
      plain: ({ at }) => isoInstant(at, timeZone),
    },
    { name: 'actor' },
    { name: 'action', whole: true },
    { name: 'objectType', text: ({ object }) => object.objectType },
    { name: 'objectId', text: ({ object }) => object.id },
    { name: 'objectName', text: ({ object }) => object.name },
    { name: 'operation' },
    { name: 'before', text: ({ before }) => json(before) },
    { name: 'after', text: ({ after }) => json(after) },
    { name: 'reason' },
  ] satisfies readonly Column<AuditEvent>[];
}
