import type { ListInput } from '../contract/change.ts';
import { operationPrefix } from '../contract/names.ts';
import type { AnyRecord, RecordDefinition, Values } from '../records/definition.ts';
import type { Field } from '../records/field.ts';
import { type Filter, filtersOf } from '../records/filters.ts';
import { camel } from '../records/names.ts';
import type { Column } from '../terminal/answer.ts';
import { parseDuration } from '../values/duration.ts';
import { invalid, quote } from '../values/error.ts';
import { anyApi } from './any-api.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { type Family, kindsGiven } from './family.ts';
import { type Given, option } from './field-flags.ts';
import { booleanFlag } from './flag-values.ts';
import { answerList } from './record-answer.ts';
import { exampleValue } from './record-examples.ts';
import { fieldNames, recordColumns, recordText } from './record-text.ts';
import { naming } from './session.ts';

/** Rows of a table unless `--limit` says otherwise; other formats hold all there are. */
const TABLE_ROWS = 100;
const PAGE = 500;
const MOST = 1_000_000;

/** `list`: filters for every reference, enumeration, boolean and tag of the kind. */
export function addList(command: TphCommand, family: Family, context: CommandContext): void {
  const titles = family.kinds.map((kind) => kind.plural).join(' and ');
  const list = command
    .command('list')
    .alias('ls')
    .summary(`List ${titles}.`)
    .description(
      `List ${titles}. -o csv is for programs: a spreadsheet runs cells that begin with = + - @ as formulas.`,
    )
    .usage('[options]')
    .examples(listExamples(family));
  for (const kind of family.kinds) for (const filter of filtersOf(kind)) addFilter(list, filter);
  if (family.kinds.some((kind) => kind.handles.length > 0))
    option(list, '--search <text>', searchHelp(family));
  option(list, '--limit <number>', `The most to show (default: ${TABLE_ROWS} in a table, else all).`);
  option(list, '--deleted', 'Deleted ones instead.');
  option(list, '--updated-since <instant>', 'Only those changed at or after this.');
  if (expires(family)) {
    option(list, '--live', 'Only those that have not lapsed.');
    option(list, '--expired', 'Only those that have lapsed.');
    option(list, '--expiring <time>', 'Only live ones that lapse within this time, such as 30d.');
  }
  list.action(async () => {
    const given = list.opts() as Given;
    const kinds = kindsGiven(family, given);
    if (kinds.every(({ objectType }) => objectType === 'Client')) context.forAnyClient();
    await context.expectFields([...new Set(kinds.flatMap(fieldNames))]);
    const wanted =
      given['limit'] === undefined ? undefined : context.integer(String(given['limit']), '--limit', 1, MOST);
    // Of what expires, the first to do so must not be cut off.
    const isShort = context.globals.output === 'table' && given['expiring'] === undefined;
    let room = wanted ?? (isShort ? TABLE_ROWS : MOST);
    let cut = false;
    const records: AnyRecord[] = [];
    for (const kind of kinds) {
      const some = await listSome(kind, await listInput(kind, given, context), room, context);
      records.push(...some.records);
      room -= some.records.length;
      cut ||= some.cut;
    }
    await show(family, kinds, records, cut, given['expiring'] !== undefined, context);
  });
}

function searchHelp({ kinds }: Family): string {
  const handles = kinds.flatMap((kind) => kind.handles);
  const names = [...new Set(handles.map(({ name }) => name.replace(/^.*\//, '')))];
  const listed = [names.slice(0, -1).join(', '), ...names.slice(-1)]
    .filter((part) => part !== '')
    .join(' or ');
  const joined = handles.find(({ fields }) => fields.length > 1);
  const words = joined === undefined ? '' : `; of a ${joined.name}, any word`;
  return `Only those whose ${listed} begins with this${words}.`;
}

const expires = (family: Family): boolean => family.kinds.some((kind) => 'expiresAt' in kind.fields);

/** A flag that narrows a list. */
export function addFilter(list: TphCommand, { flag, kind, help, values }: Filter): void {
  if (kind === 'boolean') {
    option(list, `--${flag} [yes|no]`, `Only those of which it is so. ${help}`);
    option(list, `--no-${flag}`, '', { hidden: true });
    return;
  }
  const value = { choice: '<value>', reference: '<ref>', tag: '<tag>', day: '<day>' }[kind];
  option(list, `--${flag} ${value}`, values === undefined ? help : `${help} (${values.join(', ')})`);
}

function listExamples({ kinds: [first] }: Family): readonly string[] {
  const filter = filtersOf(first).find(({ kind }) => kind === 'reference' || kind === 'choice');
  const field = filter === undefined ? undefined : filterField(first, filter);
  const value = field === undefined ? undefined : exampleValue(field);
  return [
    `tph ${first.noun} list`,
    ...(filter === undefined || value === undefined
      ? []
      : [`tph ${first.noun} list --${filter.flag} ${value}`]),
    'expiresAt' in first.fields
      ? `tph ${first.noun} list --expiring 30d`
      : `tph ${first.noun} list -o json --fields id,${first.label[0] ?? 'id'}`,
  ];
}

function filterField(definition: RecordDefinition, { field, inner }: Filter): Field | undefined {
  const outer = definition.fields[field];
  return inner !== undefined && outer?.kind === 'items' ? outer.fields[inner] : outer;
}

/** What the flags that narrow a list ask for. */
export async function listInput(
  kind: RecordDefinition,
  given: Given,
  context: CommandContext,
): Promise<ListInput> {
  const input: Record<string, unknown> = {};
  for (const { name, flag, kind: how, values = [], aliases } of filtersOf(kind)) {
    const value = given[camel(flag)];
    if (value === undefined) continue;
    if (how === 'boolean') input[name] = booleanFlag(value as string | boolean, `--${flag}`);
    else if (how === 'day') input[name] = await context.day(String(value), `--${flag}`);
    else if (how === 'choice') input[name] = context.choice(String(value), `--${flag}`, values, aliases);
    else input[name] = value;
  }
  const { search, deleted, updatedSince, live, expired, expiring } = given;
  return {
    ...input,
    ...(search === undefined ? {} : { search: String(search) }),
    ...(deleted === true ? { deleted } : {}),
    ...(updatedSince === undefined
      ? {}
      : { updatedSince: await context.instant(String(updatedSince), '--updated-since', 'start') }),
    ...(live === true ? { live } : {}),
    ...(expired === true ? { expired } : {}),
    ...(expiring === undefined ? {} : { expiringWithin: seconds(String(expiring)) }),
  };
}

function seconds(text: string): number {
  const parsed = parseDuration(text);
  if (parsed !== undefined) return parsed;
  return naming('--expiring', text, () => {
    throw invalid(`${quote(text)} is not a time`, 'write it as 30d, 12h or 45m');
  });
}

/** At most `room` records, page by page; `cut` where there are more. */
async function listSome(
  kind: RecordDefinition,
  input: ListInput,
  room: number,
  context: CommandContext,
): Promise<{ readonly records: readonly AnyRecord[]; readonly cut: boolean }> {
  const api = anyApi(context);
  const records: AnyRecord[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.max(1, Math.min(PAGE, room - records.length));
    const page = await api.list(operationPrefix(kind.objectType), {
      ...input,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    records.push(...page.items.slice(0, room - records.length));
    cursor = page.nextCursor ?? undefined;
    if (records.length >= room) return { records, cut: cursor !== undefined || page.items.length > room };
  } while (cursor !== undefined);
  return { records, cut: false };
}

async function show(
  family: Family,
  kinds: readonly RecordDefinition[],
  records: readonly AnyRecord[],
  cut: boolean,
  byWeek: boolean,
  context: CommandContext,
): Promise<void> {
  const [first, another] = kinds;
  if (first === undefined) return;
  if (another === undefined) return answerList(context, first, records, { cut, byWeek });
  const { now, timeZone } = await context.clock();
  const ofKind = (record: Values) =>
    kinds.find((kind) => kind.objectType === record['__objectType']) ?? first;
  const names = [...new Set(kinds.flatMap(fieldNames))];
  const all = names.map((name): Column<Values> => {
    const kind = kinds.find((one) => name in one.fields) ?? first;
    const [like = { name }] = recordColumns(kind, { timeZone, now }, [name]);
    const plain = (record: Values) => recordText(ofKind(record), name, record, { timeZone, for: 'programs' });
    return { ...like, plain };
  });
  await answerList(context, { ...first, title: 'preference', plural: 'preferences' }, records, {
    cut,
    all,
    byWeek,
    columns: mixedColumns(family, first, all, timeZone, ofKind),
  });
}

/** What the kinds differ in shares one column. */
function mixedColumns(
  family: Family,
  first: RecordDefinition,
  all: readonly Column<Values>[],
  timeZone: string,
  ofKind: (record: Values) => RecordDefinition,
): readonly Column<Values>[] {
  const own = family.own(first);
  return first.columns.flatMap((name) => {
    if (!own.includes(name)) return all.filter((column) => column.name === name);
    const text = (record: Values) =>
      family
        .own(ofKind(record))
        .map((one) => recordText(ofKind(record), one, record, { timeZone, for: 'people' }))
        .join(' ');
    return [{ name: 'for', text }];
  });
}
