import type { RecordDefinition } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { filtersOf } from '../records/filters.ts';
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
import { type Operation, operation, type Schema, type Z } from './operation.ts';

/** Additions to and removals from the collections of a record, beside the fields that are set outright. */
interface CollectionEdits<T extends ObjectType> {
  readonly add?: InputOfType<T> | undefined;
  readonly remove?: InputOfType<T> | undefined;
}
export type UpdateInput<T extends ObjectType> = RefInput & InputOfType<T> & CollectionEdits<T>;

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

/** `DriverScp` → `driverScp`: how a kind's operations are named. */
export const operationPrefix = <T extends ObjectType>(type: T): Uncapitalize<T> =>
  (type.charAt(0).toLowerCase() + type.slice(1)) as Uncapitalize<T>;

/** Where records of a kind stand: under the client, and under each parent that may scope them (spec section 6). */
function collectionPaths(definition: RecordDefinition): readonly string[] {
  if (definition.objectType === 'Client') return ['/client'];
  const parents = (definition.parents ?? []).map((name) => {
    const field = definition.fields[name];
    if (field?.kind !== 'reference') throw new Error(`${definition.objectType}.${name} is no reference`);
    const parent = definitionOf(field.target);
    return `/client/{clientId}/${parent.path}/{${parent.pathId}}/${definition.path}`;
  });
  return [`/client/{clientId}/${definition.path}`, ...parents];
}

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
        filtersOf(definition).map((filter) => {
          if (filter.kind === 'boolean') return [filter.name, z.boolean().optional()];
          if (filter.kind === 'choice') return [filter.name, z.enum(filter.values ?? []).optional()];
          if (filter.kind === 'day') return [filter.name, z.int().optional()];
          return [filter.name, referenceInputSchema(z).optional()];
        }),
      ),
    }),
  );
}

function inputShape(z: Z, definition: RecordDefinition) {
  return {
    ...shapeOf(z, definition.fields, 'input', true),
    internalKey: textSchema(z, 200).nullable().optional(),
  };
}

function crudOf(definition: RecordDefinition): Record<string, Operation> {
  const prefix = operationPrefix(definition.objectType);
  const paths = collectionPaths(definition);
  const onePaths = paths.map((path) => `${path}/{${definition.pathId}}`);
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
      summary: `Create a ${title}`,
      writes: true,
      http: { method: 'POST', paths },
      input: schema((z) => z.strictObject(inputShape(z, definition))),
      output: changed,
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
    list: operation({
      summary: `List ${plural}`,
      writes: false,
      http: { method: 'GET', paths },
      input: listSchema(definition) as Schema<unknown>,
      output: schema((z) => z.strictObject({ items: z.array(record(z)), nextCursor: z.string().nullable() })),
      errors: ['INVALID', 'NOT_FOUND'],
    }),
    get: operation({
      summary: `Show a ${title}`,
      writes: false,
      http: { method: 'GET', paths: onePaths },
      input: refSchema as Schema<unknown>,
      output: record,
      errors: ['NOT_FOUND', 'CONFLICT'],
    }),
    update: operation({
      summary: `Change a ${title}, field by field`,
      writes: true,
      http: { method: 'POST', paths: onePaths },
      input: schema((z) =>
        z.strictObject({
          ref: z.string().min(1).max(300),
          ...inputShape(z, definition),
          add: z.strictObject(shapeOf(z, definition.fields, 'input', true)).optional(),
          remove: z.strictObject(shapeOf(z, definition.fields, 'input', true)).optional(),
        }),
      ),
      output: changed,
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
    delete: operation({
      summary: `Delete a ${title}; it can be restored`,
      writes: true,
      http: { method: 'DELETE', paths: onePaths },
      input: refSchema as Schema<unknown>,
      output: changed,
      errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
    }),
    restore: operation({
      summary: `Restore a deleted ${title}`,
      writes: true,
      http: { method: 'POST', paths: onePaths.map((path) => `${path}/restore`) },
      input: refSchema as Schema<unknown>,
      output: changed,
      errors: ['NOT_FOUND', 'CONFLICT'],
    }),
  };
  return Object.fromEntries(Object.entries(entries).map(([verb, entry]) => [`${prefix}.${verb}`, entry]));
}

/** The six verbs of every record kind, derived from the definitions. */
export const crud = Object.assign({}, ...objectTypes.map((type) => crudOf(definitionOf(type)))) as CrudTable;
