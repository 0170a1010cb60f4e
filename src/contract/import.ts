import type { Id } from '../values/id.ts';
import {
  type ConflictPolicy,
  type CsvKind,
  conflictPolicies,
  csvKinds,
  type ImportMode,
  type ImportRun,
  type ImportUndone,
  importModes,
  type RowLimit,
  type RowOutcome,
} from './bulk.ts';
import type { Page, RefInput } from './change.ts';
import { detailSchema, idSchema, instantSchema, schema } from './fields.ts';
import { operation, type Z } from './operation.ts';

/** How rows that come over HTTP are to be understood; see `ImportStart`. */
export interface ImportOptions {
  readonly kind: CsvKind;
  /** What happens to a row whose record is there already with other values; `error` when not given. */
  readonly onConflict?: ConflictPolicy | undefined;
  /** By which fields rows find their records; the kind's own key when not given. */
  readonly key?: readonly string[] | undefined;
  /** The fields that rows may give; `id` and `internalKey` may be among them. */
  readonly fields: readonly string[];
  /** As in `ImportStart`. */
  readonly keepLastApprovals?: boolean | undefined;
}
export interface ImportStartInput extends ImportOptions {
  /** `atomic` when not given. */
  readonly mode?: ImportMode | undefined;
  readonly file: string;
  /** SHA-256 of the file in hex. */
  readonly sha256?: string | null | undefined;
  /** A partial run that was interrupted, to be gone on with. */
  readonly resume?: Id | undefined;
}
export type ImportStarted = ImportRun & {
  /** The number of the first batch that the run does not have yet. */
  readonly nextBatch: number;
  readonly dryRun?: true;
};
/** A row by field name: a field that is left out stays as it is, null clears it. */
export interface NamedRow {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}
export interface ImportPlanInput extends ImportOptions {
  readonly rows: readonly NamedRow[];
}
export interface ImportRowsInput extends RefInput {
  /** Counts from 1. A batch that was given before is answered again, not applied again. */
  readonly number: number;
  readonly rows: readonly NamedRow[];
  /** Of a partial run: after so many failures nothing more of the batch is judged or answered. */
  readonly limit?: RowLimit | undefined;
}
export interface ImportOutcomes {
  /**
   * Of a partial run, what became of each row. Of an atomic run before it is finished, the rows that cannot be
   * understood; all others wait for the end.
   */
  readonly outcomes: readonly RowOutcome[];
  readonly dryRun?: true;
}
export interface ImportOutcomesInput extends RefInput {
  readonly number: number;
}
export interface ImportFinishInput extends RefInput {
  /** How many rows were refused before they were given. */
  readonly rejected?: number | undefined;
}
export type ImportFinished = ImportRun & { readonly dryRun?: true };
export interface ImportListInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** The most rows of one request. */
export const MOST_ROWS = 500;

const path = '/client/{clientId}/import';
const one = `${path}/{importId}`;
const params = { importId: { to: 'text', field: 'ref' } } as const;
const refShape = (z: Z) => ({
  ref: z
    .string()
    .min(1)
    .max(40)
    .meta({ examples: ['G318767104000000001'] }),
});
const count = (z: Z) => z.int().min(0);
const runShape = (z: Z) => ({
  run: idSchema(z).nullable(),
  kind: z.enum(Object.keys(csvKinds) as [CsvKind, ...CsvKind[]]),
  mode: z.enum(importModes),
  onConflict: z.enum(conflictPolicies),
  file: z.string(),
  actor: z.string(),
  startedAt: instantSchema(z),
  finishedAt: instantSchema(z).nullable(),
  state: z.enum(['INTERRUPTED', 'DONE', 'REJECTED', 'ABANDONED', 'UNDONE', 'PARTLY_UNDONE']),
  total: count(z),
  created: count(z),
  updated: count(z),
  unchanged: count(z),
  failed: count(z),
  warnings: count(z),
});
const dryRun = (z: Z) => z.literal(true).optional();
const optionShape = (z: Z) => ({
  kind: z.enum(Object.keys(csvKinds) as [CsvKind, ...CsvKind[]]),
  onConflict: z.enum(conflictPolicies).optional(),
  key: z
    .array(z.string().max(100))
    .min(1)
    .max(5)
    .meta({ examples: [['phone']] })
    .optional(),
  fields: z
    .array(z.string().max(100))
    .max(200)
    .meta({ examples: [['firstName', 'lastName', 'phone']] }),
  keepLastApprovals: z.boolean().optional(),
});
const rowsShape = (z: Z) =>
  z
    .array(
      z.strictObject({
        line: z.int().min(1).max(1_000_000_000),
        values: z.record(z.string(), z.unknown()).meta({
          examples: [{ firstName: 'Ann', lastName: 'Byrne', phone: '085 012 3456' }],
        }),
      }),
    )
    .max(MOST_ROWS);
const outcomes = schema<ImportOutcomes>((z) =>
  z.strictObject({
    outcomes: z.array(
      z.strictObject({
        line: z.int(),
        outcome: z.enum(['created', 'updated', 'unchanged', 'skipped', 'failed']),
        id: idSchema(z).nullable(),
        problems: z.array(detailSchema(z)).optional(),
        warnings: z.array(detailSchema(z)).optional(),
        changes: z
          .array(z.strictObject({ field: z.string(), before: z.unknown(), after: z.unknown() }))
          .optional(),
      }),
    ),
    dryRun: dryRun(z),
  }),
);
const finished = schema<ImportFinished>((z) => z.strictObject({ ...runShape(z), dryRun: dryRun(z) }));

/** Bulk import over HTTP, its history and its undo (spec section 7); ADMIN and OPERATOR only. */
export const importOperations = {
  'import.start': operation<ImportStartInput, ImportStarted>({
    summary: 'Begin an import of many rows, or go on with one that was interrupted',
    writes: true,
    http: { method: 'POST', paths: [path] },
    input: schema((z) =>
      z.strictObject({
        ...optionShape(z),
        mode: z.enum(importModes).optional(),
        file: z
          .string()
          .min(1)
          .max(500)
          .meta({ examples: ['customers.csv'] }),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .nullable()
          .meta({ examples: [null] })
          .optional(),
        resume: idSchema(z)
          .meta({ examples: ['G318767104000000001'] })
          .optional(),
      }),
    ),
    output: schema((z) => z.strictObject({ ...runShape(z), nextBatch: z.int().min(1), dryRun: dryRun(z) })),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
  'import.plan': operation<ImportPlanInput, ImportOutcomes>({
    summary: 'Say what an import of these rows would do, and change nothing',
    writes: false,
    http: { method: 'POST', paths: [`${path}/plan`] },
    input: schema((z) => z.strictObject({ ...optionShape(z), rows: rowsShape(z) })),
    output: outcomes,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
  'import.rows': operation<ImportRowsInput, ImportOutcomes>({
    summary:
      'Give an import its next batch: applied at once where it is partial, kept until the end where it is atomic',
    writes: true,
    http: { method: 'POST', paths: [`${one}/rows`], params },
    input: schema((z) =>
      z.strictObject({
        ...refShape(z),
        number: z.int().min(1).max(1_000_000_000),
        rows: rowsShape(z),
        limit: z
          .strictObject({
            failures: z.int().min(1).max(1_000_000_000),
            refused: z
              .array(z.int().min(1))
              .max(10_000)
              .meta({ examples: [[]] }),
          })
          .optional(),
      }),
    ),
    output: outcomes,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
  'import.outcomes': operation<ImportOutcomesInput, ImportOutcomes>({
    summary: 'Say again what became of the rows of a batch',
    writes: false,
    http: { method: 'GET', paths: [`${one}/rows`], params },
    input: schema((z) => z.strictObject({ ...refShape(z), number: z.int().min(1).max(1_000_000_000) })),
    output: outcomes,
    errors: ['INVALID', 'NOT_FOUND', 'NOT_ALLOWED'],
  }),
  'import.finish': operation<ImportFinishInput, ImportFinished>({
    summary: 'End an import: an atomic one is written as a whole, or not at all where a row failed',
    writes: true,
    http: { method: 'POST', paths: [`${one}/finish`], params },
    input: schema((z) =>
      z.strictObject({ ...refShape(z), rejected: z.int().min(0).max(1_000_000_000).optional() }),
    ),
    output: finished,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
  'import.abandon': operation<RefInput, ImportFinished>({
    summary:
      'Give an import up: of an atomic one nothing is written, of a partial one what was written stays',
    writes: true,
    http: { method: 'POST', paths: [`${one}/abandon`], params },
    input: schema((z) => z.strictObject(refShape(z))),
    output: finished,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
  'import.list': operation<ImportListInput, Page<ImportRun>>({
    summary: 'List imports, newest first',
    writes: false,
    http: { method: 'GET', paths: [path] },
    input: schema((z) =>
      z.strictObject({ limit: z.int().min(1).max(500).optional(), cursor: z.string().optional() }),
    ),
    output: schema((z) =>
      z.strictObject({ items: z.array(z.strictObject(runShape(z))), nextCursor: z.string().nullable() }),
    ),
    errors: ['INVALID', 'NOT_ALLOWED'],
  }),
  'import.get': operation<RefInput, ImportRun>({
    summary: 'Show an import',
    writes: false,
    http: { method: 'GET', paths: [one], params },
    input: schema((z) => z.strictObject(refShape(z))),
    output: schema((z) => z.strictObject(runShape(z))),
    errors: ['INVALID', 'NOT_FOUND', 'NOT_ALLOWED'],
  }),
  'import.undo': operation<RefInput, ImportUndone>({
    summary: 'Put every record of an import back as it was that nobody has touched since, and list the rest',
    writes: true,
    http: { method: 'POST', paths: [`${one}/undo`], params },
    input: schema((z) => z.strictObject(refShape(z))),
    output: schema((z) =>
      z.strictObject({
        run: idSchema(z),
        undone: count(z),
        kept: z.array(z.strictObject({ id: idSchema(z), name: z.string(), reason: z.string() })),
        keptCount: count(z),
        already: z.literal(true).optional(),
        dryRun: dryRun(z),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
};
