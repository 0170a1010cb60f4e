import type { Day } from '../values/day.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';

/**
 * A field is plain data: what a value of it looks like, what it is for, and how it is named in other places.
 * Columns, checks, flags, prompts, schemas and help are derived from it; nothing about a field stands twice.
 */
export interface FieldBase {
  /** One sentence for help texts, prompts and the API reference. */
  readonly help: string;
  /** Must be given on create and may never be null. */
  readonly required?: boolean;
  /** The value when none is given on create; a field with a default is never null. */
  readonly default?: unknown;
  /** Shown to administrators and operators only (spec section 6); left out of exports unless asked for (section 7). */
  readonly protected?: boolean;
  /** The flag's name without dashes where it is not the field's name in kebab case (spec section 5). */
  readonly flag?: string;
  /** Other names of the column in CSV files that people bring (spec section 7). */
  readonly synonyms?: readonly string[];
  /** A value for help texts and the API reference. */
  readonly example?: string;
  /** The schema version that brought the field; 1 when absent. Derives the migration. */
  readonly since?: number;
}

export type TextFormat =
  | 'plain'
  | 'handle'
  | 'multiline'
  | 'email'
  | 'phone'
  | 'country'
  | 'timeZone'
  | 'iban'
  | 'bic'
  | 'timeOfDay';

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly format: TextFormat;
  /** The most code points. */
  readonly max: number;
  /** Compared without regard to letter case: a folded copy is stored beside it for look-ups and uniqueness. */
  readonly fold: boolean;
}

export interface ChoiceField<V extends string = string> extends FieldBase {
  readonly kind: 'choice';
  readonly values: readonly V[];
  /** Other spellings that input may use, each with the value it stands for. */
  readonly aliases?: Readonly<Record<string, V>>;
}

export interface IntegerField extends FieldBase {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
}

export interface BooleanField extends FieldBase {
  readonly kind: 'boolean';
}

export interface DayField extends FieldBase {
  readonly kind: 'day';
}

export interface InstantField extends FieldBase {
  readonly kind: 'instant';
  /** How a day is read: its first instant, or through its end (spec section 2, expiry). */
  readonly day: 'start' | 'through';
  /** Where records are looked for by it, the schema version since which there is an index for that. */
  readonly soughtSince?: number;
}

/** Write-only: stored as a scrypt hash, never shown (spec section 3). */
export interface SecretField extends FieldBase {
  readonly kind: 'secret';
}

/** An id that is a plain value, not a reference that the database checks; `generated` ones are given out by the program. */
export interface IdField extends FieldBase {
  readonly kind: 'id';
  readonly generated: boolean;
}

export interface WeekdaysField extends FieldBase {
  readonly kind: 'weekdays';
}

export interface ReferenceField extends FieldBase {
  readonly kind: 'reference';
  readonly target: ObjectType;
}

export interface ReferencesField extends FieldBase {
  readonly kind: 'references';
  readonly target: ObjectType;
  /** Set on the side that does not own the link: the field of the target that does. */
  readonly inverse?: string;
}

/** A set of short words, compared without regard to letter case. */
export interface TagsField extends FieldBase {
  readonly kind: 'tags';
}

/** A list of small objects that belong to the record and live and die with it. */
export interface ItemsField<F extends Fields = Fields> extends FieldBase {
  readonly kind: 'items';
  /** The most items; a hostile list is refused rather than stored. */
  readonly max: number;
  readonly fields: F;
}

/** The client's settings: a JSON object checked against the table of settings. */
export interface SettingsField extends FieldBase {
  readonly kind: 'settings';
}

export type ScalarField =
  | TextField
  | ChoiceField
  | IntegerField
  | BooleanField
  | DayField
  | InstantField
  | SecretField
  | IdField
  | WeekdaysField
  | ReferenceField
  | SettingsField;
export type CollectionField = ReferencesField | TagsField | ItemsField;
export type Field = ScalarField | CollectionField;
export type Fields = { readonly [name: string]: Field };

export type ObjectType =
  | 'Client'
  | 'Brand'
  | 'ClientCapability'
  | 'Group'
  | 'Driver'
  | 'SpecialCategoryPassenger'
  | 'Customer'
  | 'DriverCustomer'
  | 'DriverScp'
  | 'ScheduleExclusionGroup'
  | 'Account'
  | 'AccountDepartment'
  | 'AccountEmployee'
  | 'RecurringTrip'
  | 'Trip';

/** A reference as it is answered: the id and a label field or two (spec section 3). */
export interface Reference {
  readonly id: Id;
  readonly [label: string]: unknown;
}
/** A reference as it is given: `{id}`, or text in any form of spec section 2. */
export type ReferenceInput = { readonly id: Id } | Reference | string;

declare const valueType: unique symbol;
/** Carries the type of a field's value; nothing of it exists at run time. */
export interface Typed<T> {
  readonly [valueType]?: T;
}
type Options<T extends Field> = Partial<Omit<T, 'kind'>> & { readonly help: string };
type Value<T, O> = O extends { readonly required: true } | { readonly default: NonNullable<unknown> }
  ? T
  : T | null;
type Of<K extends Field, T, O> = K & Typed<Value<T, O>>;

const base = <K extends Field>(kind: K['kind'], defaults: object, options: object): K =>
  Object.freeze({ kind, ...defaults, ...options }) as unknown as K;

/** One line of text; 200 code points unless told. */
export const text = <const O extends Options<TextField>>(options: O): Of<TextField, string, O> =>
  base<TextField>(
    'text',
    { format: 'plain', max: options.format === 'multiline' ? 4000 : 200, fold: false },
    options,
  );
/** The text by which people name the record: never looks like an id, compared without regard to letter case. */
export const handle = <const O extends Options<TextField>>(options: O): Of<TextField, string, O> =>
  base<TextField>('text', { format: 'handle', max: 120, fold: true }, options);
export const choice = <
  const V extends readonly [string, ...string[]],
  const O extends Omit<Options<ChoiceField>, 'values'>,
>(
  values: V,
  options: O,
): Of<ChoiceField<V[number]>, V[number], O> => base<ChoiceField<V[number]>>('choice', { values }, options);
/** A whole number, 0 to 1,000,000,000 unless told. */
export const integer = <const O extends Options<IntegerField>>(options: O): Of<IntegerField, number, O> =>
  base<IntegerField>('integer', { min: 0, max: 1_000_000_000 }, options);
export const boolean = <const O extends Options<BooleanField>>(options: O): Of<BooleanField, boolean, O> =>
  base<BooleanField>('boolean', {}, options);
export const day = <const O extends Options<DayField>>(options: O): Of<DayField, Day, O> =>
  base<DayField>('day', {}, options);
export const instant = <const O extends Options<InstantField>>(options: O): Of<InstantField, Instant, O> =>
  base<InstantField>('instant', { day: 'start' }, options);
/** Read back as null always. */
export const secret = <const O extends Options<SecretField>>(
  options: O,
): SecretField & Typed<string | null> => base<SecretField>('secret', {}, options);
export const id = <const O extends Options<IdField>>(options: O): Of<IdField, Id, O> =>
  base<IdField>('id', { generated: false }, options);
export const weekdays = <const O extends Options<WeekdaysField>>(
  options: O,
): Of<WeekdaysField, readonly string[], O> => base<WeekdaysField>('weekdays', {}, options);
export const reference = <const O extends Options<ReferenceField>>(
  target: ObjectType,
  options: O,
): Of<ReferenceField, Reference, O> => base<ReferenceField>('reference', { target }, options);
export const references = (
  target: ObjectType,
  options: Omit<Options<ReferencesField>, 'target'>,
): ReferencesField & Typed<readonly Reference[]> => base<ReferencesField>('references', { target }, options);
export const tags = (options: Options<TagsField>): TagsField & Typed<readonly string[]> =>
  base<TagsField>('tags', {}, options);
export const items = <const F extends Fields>(
  fields: F,
  options: Omit<Options<ItemsField>, 'fields'>,
): ItemsField<F> & Typed<readonly ValuesOf<F>[]> =>
  base<ItemsField<F>>('items', { max: 500, fields }, options) as never;
export const settings = (
  options: Options<SettingsField>,
): SettingsField & Typed<Readonly<Record<string, unknown>>> =>
  base<SettingsField>('settings', { default: {} }, options);

/** The values of a set of fields, as a record answers them. */
export type ValuesOf<F extends Fields> = { readonly [N in keyof F]: F[N] extends Typed<infer T> ? T : never };

type Loose<T> = T extends Reference
  ? ReferenceInput
  : T extends readonly (infer E)[]
    ? readonly Loose<E>[]
    : T extends string | number | boolean | null
      ? T
      : T extends object
        ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
        : T;
/** The values of a set of fields, as input gives them: any of them, references in any form, null to clear. */
export type InputOf<F extends Fields> = {
  readonly [N in keyof F]?: Loose<ValuesOf<F>[N]> | null | undefined;
};

/** Whether a field is a collection: kept in a table of its own, never null. */
export function isCollection(field: Field): field is CollectionField {
  return field.kind === 'references' || field.kind === 'tags' || field.kind === 'items';
}

/** Whether a record may have null here. */
export function isNullable(field: Field): boolean {
  return !isCollection(field) && field.required !== true && field.default === undefined;
}
