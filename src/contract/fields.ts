import type * as Zod from 'zod';
import { LONGEST_WRITTEN, MOST_ENTRIES } from '../records/check-value.ts';
import { type ChoiceField, type Field, type Fields, isNullable } from '../records/field.ts';
import { settingFields } from '../records/settings.ts';
import { WEEKDAYS } from '../values/day.ts';
import type { Schema, Z } from './operation.ts';

/** An id as JSON carries it: `G` and a decimal (spec section 2). */
export const idSchema = (z: Z) => z.string().regex(/^G[1-9]\d{0,18}$/);
/** An id as an `id` field takes it: a bare decimal too. */
const idInputSchema = (z: Z) => z.string().regex(/^[Gg]?[1-9]\d{0,18}$/);
/** A day: integer YYYYMMDD. */
export const daySchema = (z: Z) => z.int().min(19000101).max(29991231);
/** An instant: Unix seconds. */
export const instantSchema = (z: Z) => z.int().min(1).max(253402300799);
/** A reference as it is answered: the id and labels. */
export const referenceSchema = (z: Z) => z.looseObject({ id: idSchema(z) });
/** A reference as it is given: `{id}`, or text in any form of spec section 2. */
export const referenceInputSchema = (z: Z) =>
  z.union([z.looseObject({ id: idInputSchema(z) }), textSchema(z, 300)]);

/** Text of at most so many code points in its stored form: trimmed and composed. */
export const textSchema = (z: Z, max: number) =>
  z
    .string()
    .refine(
      (text) => text.length <= max || [...text.trim().normalize('NFC')].length <= max,
      `has more than ${max} characters`,
    )
    .meta({ maxLength: max });

type Side = 'input' | 'output';

function valueSchema(z: Z, field: Field, side: Side): Zod.ZodType {
  switch (field.kind) {
    case 'text':
      return textSchema(z, side === 'input' ? Math.max(field.max, LONGEST_WRITTEN) : field.max);
    case 'secret':
      return side === 'input' ? secretSchema(z) : z.null();
    case 'choice':
      // Input may be in any letter case; what it says is judged with the record.
      return side === 'output' ? z.enum(field.values) : z.string().meta({ enum: choices(field) });
    case 'integer':
      return z.int().min(field.min).max(field.max);
    case 'boolean':
      return z.boolean();
    case 'day':
      return daySchema(z);
    case 'instant':
      return instantSchema(z);
    case 'id':
      return side === 'input' ? idInputSchema(z) : idSchema(z);
    case 'weekdays':
      // Input may be in any letter case, or a span of days: what it says is judged with the record.
      return side === 'input'
        ? z.union([z.array(weekdaySchema(z)), z.string().meta({ examples: ['MON-FRI'] })])
        : z.array(z.enum(WEEKDAYS)).min(1);
    case 'reference':
      return side === 'input' ? referenceInputSchema(z) : referenceSchema(z);
    case 'references':
      return z.array(side === 'input' ? referenceInputSchema(z) : referenceSchema(z)).max(MOST_ENTRIES);
    case 'tags':
      return z.array(textSchema(z, 60)).max(MOST_ENTRIES);
    case 'items':
      return z
        .array(z.strictObject(shapeOf(z, field.fields, side, side === 'input' ? 'unless required' : false)))
        .max(field.max);
    case 'settings':
      return z.strictObject(shapeOf(z, settingFields, side, true));
  }
}

const choices = ({ values, aliases }: ChoiceField): string[] => [...values, ...Object.keys(aliases ?? {})];

const weekdaySchema = (z: Z) => z.string().meta({ enum: [...WEEKDAYS] });

/** 8 to 256 code points, composed as it is hashed. */
const secretSchema = (z: Z) =>
  z
    .string()
    .refine((text) => {
      const { length } = [...text.normalize('NFC')];
      return length >= 8 && length <= 256;
    }, 'has not 8 to 256 characters')
    .meta({ minLength: 8, maxLength: 256, examples: ['correct horse battery'] });

/** What the API reference says of a field. */
const metaOf = ({ kind, help, example }: Field) => ({
  description: help,
  ...(kind === 'text' && example !== undefined ? { examples: [example] } : {}),
});

/** The shape of a set of fields. `partial` lets any of them be left out, or those that a record can do without. */
export function shapeOf(
  z: Z,
  fields: Fields,
  side: Side,
  partial: boolean | 'unless required',
): Record<string, Zod.ZodType> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const bare = valueSchema(z, field, side).meta(metaOf(field));
      // Null in an input clears, or goes back to the default.
      const isClearable =
        side === 'input' ? field.required !== true : field.kind === 'secret' || isNullable(field);
      const value = isClearable ? bare.nullable() : bare;
      const isOptional = partial === 'unless required' ? field.required !== true : partial;
      return [name, isOptional ? value.optional() : value];
    }),
  );
}

/** The common fields of an answered record (spec section 3). */
export const commonShape = (z: Z): Record<string, Zod.ZodType> => ({
  id: idSchema(z),
  clientId: idSchema(z),
  __objectType: z.string(),
  createdDate: instantSchema(z),
  updatedDate: instantSchema(z),
  passiveUpdatedDate: instantSchema(z),
  listingUpdatedDate: instantSchema(z),
  internalKey: z.string().nullable(),
  deletedAt: instantSchema(z).nullable(),
  deletedBy: z.string().nullable(),
});

/** A wrong or doubtful value, as errors and warnings carry it. */
export const detailSchema = (z: Z) =>
  z.looseObject({
    field: z.string().optional(),
    value: z.string().optional(),
    message: z.string(),
    hint: z.string().optional(),
  });

/** What a change reports besides the record. */
export const changeShape = (z: Z) => ({
  changed: z.boolean(),
  changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
  warnings: z.array(detailSchema(z)),
  dryRun: z.literal(true).optional(),
  created: z.literal(true).optional(),
  replayed: z.literal(true).optional(),
  matched: z.literal(true).optional(),
  affects: z
    .array(
      z.object({ objectType: z.string(), field: z.string(), count: z.int(), names: z.array(z.string()) }),
    )
    .optional(),
});

export const schema = <T>(make: (z: Z) => Zod.ZodType): Schema<T> => make as Schema<T>;
