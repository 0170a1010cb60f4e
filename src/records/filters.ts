import type { RecordDefinition } from './definition.ts';
import { type ChoiceField, type Field, isCollection, type ObjectType } from './field.ts';
import { camel, kebab, singular } from './names.ts';

/** One way to narrow a list: by a reference, an enumeration, a boolean, a tag or the record's own day (spec section 5). */
export interface Filter {
  /** Its name in the input of a list operation and as a query parameter. */
  readonly name: string;
  /** Its flag, without dashes. */
  readonly flag: string;
  readonly kind: 'reference' | 'choice' | 'boolean' | 'tag' | 'day';
  /** The field, and inside a list of items the item's field. */
  readonly field: string;
  readonly inner?: string;
  readonly target?: ObjectType;
  readonly values?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>> | undefined;
  readonly help: string;
}

/** The filters of a kind, derived from its fields. */
export function filtersOf(definition: RecordDefinition): readonly Filter[] {
  return Object.entries(definition.fields).flatMap(([name, field]) => {
    if (field.kind !== 'items') return filterOf(name, field, field.flag ?? kebab(name));
    return Object.entries(field.fields).flatMap(([inner, innerField]) =>
      innerField.kind === 'reference' || innerField.kind === 'references'
        ? filterOf(
            name,
            innerField,
            innerField.flag ?? (inner === 'group' ? (field.flag ?? inner) : inner),
          ).map((filter) => ({
            ...filter,
            inner,
          }))
        : [],
    );
  });
}

/** Whether a filter is also called so: by the field that it looks at, where its own name is another. */
export const isFieldOf = (filter: Filter, name: string): boolean =>
  filter.inner === undefined && filter.field === name;

function filterOf(field: string, definition: Field, flag: string): readonly Filter[] {
  const name = isCollection(definition) ? singular(field) : field;
  const help = definition.help;
  switch (definition.kind) {
    case 'reference':
    case 'references':
      return [{ name: camel(flag), flag, kind: 'reference', field, target: definition.target, help }];
    case 'choice':
      return [{ name, flag, kind: 'choice', field, ...choicesOf(definition), help }];
    case 'boolean':
      return [{ name, flag, kind: 'boolean', field, help }];
    case 'tags':
      return [{ name, flag, kind: 'tag', field, help }];
    case 'day':
      return field === 'day' ? [{ name, flag, kind: 'day', field, help }] : [];
    default:
      return [];
  }
}

const choicesOf = ({ values, aliases }: ChoiceField) => ({ values, aliases });
