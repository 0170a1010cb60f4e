import type { ObjectType } from '../records/field.ts';
import { definitionOf, type RecordOfType } from '../records/registry.ts';
import type { Changed, RefInput } from './change.ts';
import { collectionPaths } from './crud.ts';
import { idSchema, schema } from './fields.ts';
import { type Operation, operation } from './operation.ts';

/** One entry of a collection of references, put in or taken out by its own path (seeds: customers, departments). */
export interface LinkInput extends RefInput {
  readonly target: string;
}

/** A collection with such paths. `param` is the target's id in the path, where it is not the kind's own. */
interface Link {
  readonly owner: ObjectType;
  readonly field: string;
  readonly target: ObjectType;
  readonly param?: string;
}

/** By the name that operations have for them: `customer.addAccount`, `customer.removeAccount` … */
export const links = {
  'customer/Account': { owner: 'Customer', field: 'accounts', target: 'Account' },
  'customer/AccountDepartment': {
    owner: 'Customer',
    field: 'accountDepartments',
    target: 'AccountDepartment',
    param: 'accountDepartmentId',
  },
  'customer/Brand': { owner: 'Customer', field: 'brands', target: 'Brand' },
  'customer/ClientCapability': {
    owner: 'Customer',
    field: 'clientCapabilities',
    target: 'ClientCapability',
  },
  'accountDepartment/Brand': { owner: 'AccountDepartment', field: 'brands', target: 'Brand' },
  'accountDepartment/ClientCapability': {
    owner: 'AccountDepartment',
    field: 'clientCapabilities',
    target: 'ClientCapability',
  },
  'accountDepartment/Group': { owner: 'AccountDepartment', field: 'groups', target: 'Group' },
} as const satisfies { readonly [name: string]: Link };

type Links = typeof links;
type Verb = 'add' | 'remove';
type NameOf<K extends keyof Links, V extends Verb> = K extends `${infer Owner}/${infer Target}`
  ? `${Owner}.${V}${Target}`
  : never;
type LinkOperation<K extends keyof Links> = Operation<LinkInput, Changed<RecordOfType<Links[K]['owner']>>>;
export type LinkTable = { readonly [K in keyof Links as NameOf<K, Verb>]: LinkOperation<K> };

const linkInput = schema<LinkInput>((z) =>
  z.strictObject({ ref: z.string().min(1).max(300), target: z.string().min(1).max(300) }),
);

/** `customer/Account` → `customer.addAccount`. */
export const linkName = (name: string, verb: Verb): string => name.replace('/', `.${verb}`);

function linkOperations(name: string, link: Link): readonly (readonly [string, Operation])[] {
  const owner = definitionOf(link.owner);
  const target = definitionOf(link.target);
  const param = link.param ?? target.pathId;
  const path = `${collectionPaths(owner)[0]}/{${owner.pathId}}/${target.path}/{${param}}`;
  const make = (verb: Verb, method: 'POST' | 'DELETE', summary: string) =>
    [
      linkName(name, verb),
      operation<LinkInput, unknown>({
        summary,
        writes: true,
        http: {
          method,
          paths: [path],
          params: { [param]: { to: 'input', field: 'target', type: link.target } },
        },
        input: linkInput,
        output: schema((z) => z.looseObject({ id: idSchema(z), changed: z.boolean() })),
        errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
      }) as Operation,
    ] as const;
  return [
    make('add', 'POST', `Link a ${owner.title} to a ${target.title}; linking twice changes nothing`),
    make('remove', 'DELETE', `Take a ${target.title} off a ${owner.title}`),
  ];
}

/** Linking and unlinking, derived from the table of collections that have paths of their own. */
export const linkOperationTable = Object.fromEntries(
  Object.entries(links).flatMap(([name, link]) => linkOperations(name, link)),
) as unknown as LinkTable;
