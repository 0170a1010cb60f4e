import type { ErrorDetail } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { Fields, InputOf, ObjectType, ValuesOf } from './field.ts';

/** A way to name a record without its id (spec section 2, Reference). Tried in order; the first that fits anything decides. */
export interface NaturalHandle {
  /** What people call it, for errors and prompts: `callsign`, `phone`, `full name`. */
  readonly name: string;
  /** One field, or several that are joined by a blank (`firstName` `lastName`). */
  readonly fields: readonly string[];
  /** Set where the handle is `PARENT/own`: the field that refers to the parent. */
  readonly within?: string;
  /** The schema version that brought it; when absent that of its newest field (a definition: 1). */
  readonly since?: number;
}

/** A rule that no two live records of a client may break. */
export interface Uniqueness {
  readonly fields: readonly string[];
  /** A boolean field that, when true, exempts a record (`sharedPhone`) or, with `only`, includes it (`isDefault`). */
  readonly unless?: string;
  readonly only?: string;
  /** Set where deleted records count too. */
  readonly evenDeleted?: boolean;
  /** The schema version that brought it; when absent that of its newest field (a definition: 1). */
  readonly since?: number;
}

/** Values of a record by field name, before its type is known. */
export type Values = { readonly [field: string]: unknown };

export interface RecordDefinition<F extends Fields = Fields> {
  readonly objectType: ObjectType;
  /** What a person calls one and several of them. */
  readonly title: string;
  readonly plural: string;
  /** The command's noun (spec section 5). */
  readonly noun: string;
  /** The HTTP path's segment (spec section 6 and the seeds) and the name of its id in a path. */
  readonly path: string;
  readonly pathId: string;
  readonly table: string;
  readonly summary: string;
  readonly fields: F;
  /** The field that `create` takes as its argument (spec section 5). */
  readonly argument?: string;
  readonly handles: readonly NaturalHandle[];
  readonly unique: readonly Uniqueness[];
  /** The fields that stand beside the id in a reference. */
  readonly label: readonly string[];
  /** What a list shows, in this order, when nothing is asked for. */
  readonly columns: readonly string[];
  /** References through which HTTP paths may name a parent (`/driver/{driverId}/driverscp`). */
  readonly parents?: readonly string[];
  /** Rules across the fields of one record, on the whole record as it would be. Pure. */
  readonly check?: (values: Values) => readonly ErrorDetail[];
  /** The schema version that brought it; when absent that of its newest field (a definition: 1). */
  readonly since?: number;
}

type Own<F> = keyof F & string;
/** Names of fields are checked here, so that a definition of any kind can be used where its fields are not known. */
export const defineRecord = <const F extends Fields>(
  definition: RecordDefinition<F> & {
    readonly argument?: Own<F>;
    readonly label: readonly Own<F>[];
    readonly parents?: readonly Own<F>[];
  },
): RecordDefinition<F> => Object.freeze(definition);

/** What every record has besides its own fields (spec section 3). A type, not an interface: so it is also `Values`. */
export type CommonValues = {
  readonly id: Id;
  readonly clientId: Id;
  readonly __objectType: ObjectType;
  readonly createdDate: Instant;
  readonly updatedDate: Instant;
  readonly passiveUpdatedDate: Instant;
  readonly listingUpdatedDate: Instant;
  readonly internalKey: string | null;
  readonly deletedAt: Instant | null;
  readonly deletedBy: string | null;
};

export const commonFields = [
  'id',
  'clientId',
  '__objectType',
  'createdDate',
  'updatedDate',
  'passiveUpdatedDate',
  'listingUpdatedDate',
  'internalKey',
  'deletedAt',
  'deletedBy',
] as const satisfies readonly (keyof CommonValues)[];

/** A record as it is answered. */
export type RecordOf<D> = D extends RecordDefinition<infer F> ? CommonValues & ValuesOf<F> : never;
/** Any record, its kind unknown. */
export type AnyRecord = CommonValues & Values;
/** The fields of a record as input. */
export type RecordInput<D> =
  D extends RecordDefinition<infer F> ? InputOf<F> & { readonly internalKey?: string | null } : never;

/** An end that lies before its start, as a finding on the end. */
export function endBeforeStart(values: Values, start: string, end: string): readonly ErrorDetail[] {
  const from = values[start];
  const to = values[end];
  if (typeof from !== 'number' || typeof to !== 'number' || from <= to) return [];
  return [
    {
      field: end,
      value: String(to),
      message: `${end} ${to} lies before ${start} ${from}`,
      hint: `give an ${end} on or after ${from}, or none`,
    },
  ];
}
