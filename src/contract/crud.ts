import type { RecordDefinition } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { type Filter, filtersOf } from '../records/filters.ts';
import { withArticle } from '../records/names.ts';
import { definitionOf, type InputOfType, objectTypes, type RecordOfType } from '../records/registry.ts';
import type { Changed, ListInput, Page, RefInput } from './change.ts';
import {
  changeShape,
  commonShape,
  instantSchema,
  referenceInputSchema,
  schema,
  shapeOf,
  textSchema,
} from './fields.ts';
import { operationPrefix } from './names.ts';
import { type Operation, operation, type PathUse, type Schema, type Z } from './operation.ts';

/** Additions to and removals from the collections of a record, beside the fields that are set outright. */
interface CollectionEdits<T extends ObjectType> {
  /** Fields to set, like those beside it; the only place for a field that is itself called `ref`. */
  readonly set?: InputOfType<T> | undefined;
  readonly add?: InputOfType<T> | undefined;
  readonly remove?: InputOfType<T> | undefined;
}
export type UpdateInput<T extends ObjectType> = RefInput & Omit<InputOfType<T>, 'ref'> & CollectionEdits<T>;

/** The six verbs of a record kind, named `driver.create`, `driverScp.list` … */
export type Crud<T extends ObjectType> = {
  readonly [N in `${Uncapitalize<T>}.create`]: Operation<InputOfType<T>, Changed<RecordOfType<T>>>;
} & { readonly [N in `${Uncapitalize<T>}.list`]: Operation<ListInput, Page<RecordOfType<T>>> } & {
  readonly [N in `${Uncapitalize<T>}.get`]: Operation<RefInput, RecordOfType<T>>;
} & { readonly [N in `${Uncapitalize<T>}.update`]: Operation<UpdateInput<T>, Changed<RecordOfType<T>>> } & {
  readonly [N in `${Uncapitalize<T>}.${'delete' | 'restore'}`]: Operation<RefInput, Changed<RecordOfType<T>>>;
};
type Intersection<U> = (U extends unknown ? (of: U) => void : never) extends (of: infer I) => void
  ? I
  : never;
/** The verbs of every record kind. */
export type CrudTable = Intersection<{ [T in ObjectType]: Crud<T> }[ObjectType]>;

/** A reference of a kind through which paths may name a parent. */
interface Parent {
  readonly field: string;
  readonly many: boolean;
  readonly definition: RecordDefinition;
}

const parentsOf = (definition: RecordDefinition): readonly Parent[] =>
  (definition.parents ?? []).map((name) => {
    const field = definition.fields[name];
    if (field?.kind !== 'reference' && field?.kind !== 'references')
      throw new Error(`${definition.objectType}.${name} is no reference`);
    return { field: name, many: field.kind === 'references', definition: definitionOf(field.target) };
  });

/** Where records of a kind stand: under the client, and under each parent that may scope them (spec section 6). */
export function collectionPaths(definition: RecordDefinition): readonly string[] {
  if (definition.objectType === 'Client') return ['/client'];
  const own = `/client/{clientId}/${definition.path}`;
  const scoped = parentsOf(definition).map(
    (parent) =>
      `/client/{clientId}/${parent.definition.path}/{${parent.definition.pathId}}/${definition.path}`,
  );
  return [own, ...scoped];
}

type Params = { readonly [name: string]: PathUse };
const perParent = (definition: RecordDefinition, use: (parent: Parent) => PathUse): Params =>
  Object.fromEntries(parentsOf(definition).map((parent) => [parent.definition.pathId, use(parent)] as const));

/** On creating, the path gives the parent; on listing it filters by it; otherwise the record must belong to it. */
const createParams = (definition: RecordDefinition): Params =>
  perParent(definition, ({ field, many, definition: { objectType: type } }) => ({
    to: many ? 'entry' : 'input',
    field,
    type,
  }));
const listParams = (definition: RecordDefinition): Params =>
  perParent(definition, ({ field, definition: { objectType: type } }) => ({
    to: 'input',
    field: filtersOf(definition).find((filter) => filter.field === field)?.name ?? field,
    type,
  }));
/** For every operation on one record of a kind, under any of its paths. */
export const scopeParams = (definition: RecordDefinition): Params =>
  perParent(definition, ({ field, definition: { objectType: type } }) => ({ to: 'scope', field, type }));

const refSchema = schema<RefInput>((z) => z.strictObject({ ref: z.string().min(1).max(300) }));

function listSchema(definition: RecordDefinition): Schema<ListInput> {
  return schema((z) =>
    z.strictObject({
      limit: z.int().min(1).max(500).optional(),
      cursor: z.string().optional(),
      updatedSince: instantSchema(z).optional(),
      deleted: z.boolean().optional(),
      search: z.string().max(300).optional(),
      ...('expiresAt' in definition.fields
        ? {
            live: z.boolean().optional(),
            expired: z.boolean().optional(),
            expiringWithin: z.int().min(0).optional(),
          }
        : {}),
      ...Object.fromEntries(
        filtersOf(definition).flatMap((filter) => {
          const value = filterSchema(z, filter).optional();
          const own = [filter.name, value.meta({ description: filter.help })] as const;
          // A field is found under its own name too.
          if (filter.field === filter.name || filter.inner !== undefined) return [own];
          return [
            own,
            [filter.field, value.meta({ description: `The same as \`${filter.name}\`.` })] as const,
          ];
        }),
      ),
    }),
  );
}

function filterSchema(z: Z, filter: Filter) {
  if (filter.kind === 'boolean') return z.boolean();
  if (filter.kind === 'choice') return choiceFilterSchema(z, filter);
  if (filter.kind === 'day') return z.int();
  return referenceInputSchema(z);
}

/** Judged by the operation, which takes what a field of its kind takes. */
const choiceFilterSchema = (z: Z, { values = [], aliases = {} }: Filter) =>
  z.string().meta({ enum: [...values, ...Object.keys(aliases)] });

function inputShape(z: Z, definition: RecordDefinition, partial: true | 'unless required' = true) {
  return {
    ...shapeOf(z, definition.fields, 'input', partial),
    internalKey: textSchema(z, 200).nullable().optional(),
  };
}

function crudOf(definition: RecordDefinition): Record<string, Operation> {
  const prefix = operationPrefix(definition.objectType);
  const paths = collectionPaths(definition);
  const onePaths = paths.map((path) => `${path}/{${definition.pathId}}`);
  const scoped = scopeParams(definition);
  const record = schema<unknown>((z) =>
    z.strictObject({ ...commonShape(z), ...shapeOf(z, definition.fields, 'output', false) }),
  );
  const changed = schema<unknown>((z) =>
    z.strictObject({
      ...commonShape(z),
      ...shapeOf(z, definition.fields, 'output', false),
      ...changeShape(z),
    }),
  );
  const { title, plural } = definition;
  const entries: Record<string, Operation> = {
    create: operation({
      summary: `Create ${withArticle(title)}`,
      writes: true,
      http: { method: 'POST', paths, params: createParams(definition) },
      input: schema((z) => z.strictObject(inputShape(z, definition, 'unless required'))),
      output: changed,
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
    list: operation({
      summary: `List ${plural}`,
      writes: false,
      http: { method: 'GET', paths, params: listParams(definition) },
      input: listSchema(definition) as Schema<unknown>,
      output: schema((z) => z.strictObject({ items: z.array(record(z)), nextCursor: z.string().nullable() })),
      // CONFLICT where a reference to filter by fits several records.
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
    get: operation({
      summary: `Show ${withArticle(title)}`,
      writes: false,
      http: { method: 'GET', paths: onePaths, params: scoped },
      input: refSchema as Schema<unknown>,
      output: record,
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
    update: operation({
      summary: `Change ${withArticle(title)}, field by field`,
      writes: true,
      http: { method: 'POST', paths: onePaths, params: scoped },
      input: schema((z) =>
        z.strictObject({
          ...inputShape(z, definition),
          ref: z.string().min(1).max(300),
          set: z.strictObject(inputShape(z, definition)).optional(),
          add: z.strictObject(shapeOf(z, definition.fields, 'input', true)).optional(),
          remove: z.strictObject(shapeOf(z, definition.fields, 'input', true)).optional(),
        }),
      ),
      output: changed,
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
    delete: operation({
      summary: `Delete ${withArticle(title)}; it can be restored`,
      writes: true,
      http: { method: 'DELETE', paths: onePaths, params: scoped },
      input: refSchema as Schema<unknown>,
      output: changed,
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
    restore: operation({
      summary: `Restore a deleted ${title}`,
      writes: true,
      http: { method: 'POST', paths: onePaths.map((path) => `${path}/restore`), params: scoped },
      input: refSchema as Schema<unknown>,
      output: changed,
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
  };
  return Object.fromEntries(Object.entries(entries).map(([verb, entry]) => [`${prefix}.${verb}`, entry]));
}

/** The six verbs of every record kind, derived from the definitions. */
export const crud = Object.assign({}, ...objectTypes.map((type) => crudOf(definitionOf(type)))) as CrudTable;
