import type { Api } from '../contract/api.ts';
import type { ListInput, Page } from '../contract/change.ts';
import { operationPrefix } from '../contract/names.ts';
import type { AnyRecord, RecordDefinition, Values } from '../records/definition.ts';
import type { Field, Fields, ObjectType, Reference } from '../records/field.ts';
import { isUnclear, namingHandle } from '../records/naming-handle.ts';
import { definitionOf } from '../records/registry.ts';
import type { ExportPages } from './export-csv.ts';

const PAGE = 500;
type List = (name: string, input: ListInput) => Promise<Page<AnyRecord>>;

/** The same rows as `Bulk.export` gives, by way of the list operation: over HTTP, or where a filter narrows them. */
export async function* listedPages(
  api: Pick<Api, 'call'>,
  definition: RecordDefinition,
  columns: readonly string[],
  filters: ListInput = {},
): AsyncGenerator<readonly (readonly unknown[])[], void, undefined> {
  const list = api.call.bind(api) as unknown as List;
  const names = await namesOf(list, definition.fields, columns);
  let cursor: string | null = null;
  do {
    const page: Page<AnyRecord> = await list(`${operationPrefix(definition.objectType)}.list`, {
      ...filters,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    yield page.items.map((record) =>
      columns.map((name) => plainValue(definition.fields[name], record[name], names)),
    );
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** Says which text names a record, given the reference to it. */
type NameOf = (type: ObjectType, reference: Reference) => string;

function plainValue(field: Field | undefined, value: unknown, name: NameOf): unknown {
  if (field === undefined || value === null || value === undefined) return value;
  if (field.kind === 'reference') return name(field.target, value as Reference);
  if (field.kind === 'references')
    return (value as readonly Reference[]).map((one) => name(field.target, one));
  if (field.kind === 'items')
    return (value as readonly Values[]).map((item) =>
      Object.fromEntries(
        Object.entries(field.fields).map(([inner, own]) => [inner, plainValue(own, item[inner], name)]),
      ),
    );
  return value;
}

/** What a reference's labels do not say: which records of its kind are deleted, and which share their handle. */
interface Doubtful {
  readonly deleted: ReadonlySet<string>;
  readonly shared: ReadonlySet<string>;
}

async function namesOf(list: List, fields: Fields, columns: readonly string[]): Promise<NameOf> {
  const doubtful = new Map<ObjectType, Doubtful>();
  const targets = new Set(columns.flatMap((name) => targetsOf(fields[name])));
  for (const target of targets)
    for (const type of [target, ...parentsOf(target)])
      if (!doubtful.has(type)) doubtful.set(type, await doubtfulOf(list, type));
  return (type, reference) => handleOf(type, reference, doubtful) ?? reference.id;
}

function targetsOf(field: Field | undefined): readonly ObjectType[] {
  if (field?.kind === 'reference' || field?.kind === 'references') return [field.target];
  return field?.kind === 'items' ? Object.values(field.fields).flatMap(targetsOf) : [];
}

function parentsOf(type: ObjectType): readonly ObjectType[] {
  const within = namingHandle(definitionOf(type))?.handle.within;
  return within === undefined ? [] : targetsOf(definitionOf(type).fields[within]);
}

async function doubtfulOf(list: List, type: ObjectType): Promise<Doubtful> {
  const definition = definitionOf(type);
  const naming = namingHandle(definition);
  const deleted = new Set<string>();
  const shared = new Set<string>();
  if (naming === undefined) return { deleted, shared };
  for await (const { id } of all(list, type, { deleted: true })) deleted.add(id);
  const { rule, handle } = naming;
  if (rule.unless !== undefined)
    for await (const record of all(list, type, { [rule.unless]: true }))
      shared.add(String(record[handle.fields[0] ?? '']));
  return { deleted, shared };
}

async function* all(list: List, type: ObjectType, input: ListInput): AsyncGenerator<AnyRecord> {
  let cursor: string | null = null;
  do {
    const page: Page<AnyRecord> = await list(`${operationPrefix(type)}.list`, {
      ...input,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** The handle by which the record is found again; undefined where only its id will do. */
function handleOf(
  type: ObjectType,
  reference: Reference,
  doubtful: ReadonlyMap<ObjectType, Doubtful>,
): string | undefined {
  const definition = definitionOf(type);
  const handle = namingHandle(definition)?.handle;
  const doubt = doubtful.get(type);
  const own = reference[handle?.fields[0] ?? ''];
  if (handle === undefined || doubt === undefined || typeof own !== 'string') return undefined;
  if (doubt.deleted.has(reference.id) || doubt.shared.has(own)) return undefined;
  const [parent] = parentsOf(type);
  if (handle.within === undefined || parent === undefined) return isUnclear(handle, own) ? undefined : own;
  const holder = handleOf(parent, reference[handle.within] as Reference, doubtful);
  if (holder === undefined) return undefined;
  const text = `${holder}/${own}`;
  return isUnclear(handle, text) ? undefined : text;
}

/** All of a kind in one consistent view where the data is at hand, else page by page. */
export function exportPages(
  api: Pick<Api, 'call' | 'bulk'>,
  definition: RecordDefinition,
  columns: readonly string[],
  filters: ListInput,
): ExportPages {
  const { objectType } = definition;
  // Exclusion groups are few, and reading them stores the resumes that are due (spec section 4.2).
  const isPlain = Object.keys(filters).length === 0 && objectType !== 'ScheduleExclusionGroup';
  return isPlain && api.bulk !== undefined
    ? api.bulk.export(objectType, columns)
    : listedPages(api, definition, columns, filters);
}
