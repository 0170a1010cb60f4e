import type { AuditEvent, LogInput } from '../contract/log.ts';
import { definitionByNoun, definitionOf, objectTypes } from '../records/registry.ts';
import type { Block, Column, Ink } from '../terminal/answer.ts';
import { invalid, quote, type TphError } from '../values/error.ts';
import { parseId } from '../values/id.ts';
import { formatInstant, isoInstant } from '../values/instant.ts';
import { nearest } from '../values/nearest.ts';
import type { CommandContext, Register } from './context.ts';
import { fieldText, fieldTitle } from './record-text.ts';
import { counted } from './words.ts';

const TABLE_LIMIT = 50;
const PAGE = 500;

interface LogFlags {
  readonly object?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
}

/** `tph log`: the audit trail, newest first (spec section 5). */
export const register: Register = (command, context) => {
  command
    .option(
      '--object <ref>',
      'only changes of this record: its id or a name; with its kind, as driver:D7, where the name fits several',
    )
    .option('--since <when>', 'only changes at or after this moment or day, such as today or -7d')
    .option('--until <when>', 'only changes before this moment, or through this day')
    .option('--limit <count>', `the most changes to show (default: ${TABLE_LIMIT} in a table, else all)`)
    .examples([
      'tph log --since today',
      'tph log --object D7 --limit 5',
      'tph log --actor ann --since -7d -o csv',
    ])
    .action(async (flags: LogFlags) => {
      const { output, actor } = context.globals;
      const most = output === 'table' ? TABLE_LIMIT : Number.POSITIVE_INFINITY;
      const limit =
        flags.limit === undefined ? most : context.integer(flags.limit, '--limit', 1, 1_000_000_000);
      const input: LogInput = {
        ...(flags.object === undefined ? {} : objectNamed(flags.object)),
        ...(flags.since === undefined
          ? {}
          : { since: await context.instant(flags.since, '--since', 'start') }),
        ...(flags.until === undefined
          ? {}
          : { until: await context.instant(flags.until, '--until', 'through') }),
        ...(actor === undefined ? {} : { actor }),
      };
      const { events, more } = await read(context, input, limit);
      const { timeZone } = await context.clock();
      await context.answer({
        value: events,
        columns: columnsFor(timeZone),
        fields: FIELDS,
        draw: (ink) => events.flatMap((event) => drawEvent(event, timeZone, ink)),
      });
      if (more || output === 'table') await context.note(count(events.length, more));
    });
};

async function read(context: CommandContext, input: LogInput, limit: number) {
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

const count = (shown: number, more: boolean): string => {
  if (more)
    return `the newest ${shown}; there are more: give --limit, or narrow it with --since and --object`;
  return counted(shown, 'change');
};

/** The record that `--object` names: any reference, or `<noun>:<ref>` where a name fits several kinds. */
function objectNamed(text: string): LogInput {
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

const FIELDS = ['id', 'at', 'actor', 'action', 'object', 'operation', 'before', 'after', 'reason'];

function columnsFor(timeZone: string): readonly Column<never>[] {
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

const DONE: { readonly [A in AuditEvent['action']]: string } = {
  CREATE: 'created',
  UPDATE: 'changed',
  DELETE: 'deleted',
  RESTORE: 'restored',
};

function drawEvent(event: AuditEvent, timeZone: string, ink: Ink): readonly Block[] {
  const { object } = event;
  const { title } = definitionOf(object.objectType);
  const head = [
    ink.accent(formatInstant(event.at, timeZone)),
    ink.strong(event.actor),
    `${DONE[event.action]} ${title} ${object.name}`,
    ink.dim(object.id),
  ].join('  ');
  return [
    head,
    ...changesOf(event, timeZone).map((line) => `    ${line}`),
    ...(event.reason === null ? [] : [`    ${ink.dim('why:')} ${event.reason}`]),
  ];
}

/** `field: before → after`, a line each; of a creation only what it set. */
function changesOf({ object, action, before, after }: AuditEvent, timeZone: string): readonly string[] {
  if (action === 'DELETE' || action === 'RESTORE') return [];
  const definition = definitionOf(object.objectType);
  return Object.keys(after ?? before ?? {}).flatMap((name) => {
    const field = definition.fields[name];
    const text = (value: unknown): string => {
      if (value === null || value === undefined) return '–';
      return field === undefined || field.kind === 'secret'
        ? String(value)
        : fieldText(field, value, { timeZone, for: 'people' }, after ?? {}) || '–';
    };
    const now = text(after?.[name]);
    if (before === null) return now === '–' ? [] : [`${fieldTitle(definition, name)}: ${now}`];
    return [`${fieldTitle(definition, name)}: ${text(before[name])} → ${now}`];
  });
}
