import type { ObjectType } from '../records/field.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { Affected, FieldChange, Page } from './change.ts';
import { changeShape, idSchema, instantSchema, schema } from './fields.ts';
import { operation } from './operation.ts';

/** What may happen to a record. */
export const AUDIT_ACTIONS = ['CREATE', 'UPDATE', 'DELETE', 'RESTORE'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One change to one record (spec section 8: committed together with the change or not at all). */
export interface AuditEvent {
  readonly id: Id;
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string | null;
  /** The operation that made it, such as `driver.update`. */
  readonly operation: string;
  readonly action: AuditAction;
  readonly object: { readonly objectType: ObjectType; readonly id: Id; readonly name: string };
  /** Only the fields that changed; null before a creation. Secrets show as `(hidden)`. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export interface LogInput {
  /** Newest first; 1 to 500, 50 when not given. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
  readonly objectType?: ObjectType | undefined;
  /** A record of `objectType` in any form of reference; by id alone the type may be left out. */
  readonly ref?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: AuditAction | undefined;
  /** Of one operation, such as `driver.update`; with a noun alone, of all that begin with it. */
  readonly operation?: string | undefined;
  /** Only events that came after this one; for whoever follows the trail. */
  readonly after?: Id | undefined;
}

/** What an undo did: a change of its own, with the opposite action. */
export interface LogUndone {
  readonly event: Id;
  /** CREATE is undone by DELETE, DELETE by RESTORE, RESTORE by DELETE, UPDATE by UPDATE. */
  readonly action: Exclude<AuditAction, 'CREATE'>;
  readonly object: AuditEvent['object'];
  readonly changed: true;
  readonly changes: readonly FieldChange[];
  readonly warnings: readonly ErrorDetail[];
  /** Of a deletion: the live records that refer to it. */
  readonly affects?: readonly Affected[];
  readonly dryRun?: true;
}

/** The audit trail (spec sections 5 and 8). */
export const logOperations = {
  'log.list': operation<LogInput, Page<AuditEvent>>({
    summary: 'List changes: who, when, what before, what after, why',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/log'] },
    input: schema((z) =>
      z.strictObject({
        limit: z.int().min(1).max(500).optional(),
        cursor: z.string().optional(),
        since: instantSchema(z).optional(),
        until: instantSchema(z).optional(),
        objectType: z.string().optional(),
        ref: z.string().max(300).optional(),
        actor: z.string().max(200).optional(),
        action: z.enum(AUDIT_ACTIONS).optional(),
        operation: z.string().max(100).optional(),
        after: idSchema(z).optional(),
      }),
    ),
    output: schema((z) =>
      z.strictObject({
        items: z.array(
          z.strictObject({
            id: idSchema(z),
            at: instantSchema(z),
            actor: z.string(),
            reason: z.string().nullable(),
            operation: z.string(),
            action: z.enum(AUDIT_ACTIONS),
            object: z.strictObject({ objectType: z.string(), id: idSchema(z), name: z.string() }),
            before: z.record(z.string(), z.unknown()).nullable(),
            after: z.record(z.string(), z.unknown()).nullable(),
          }),
        ),
        nextCursor: z.string().nullable(),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'log.undo': operation<{ readonly event: string }, LogUndone>({
    summary: 'Take back one change, unless somebody has changed the record since',
    writes: true,
    http: {
      method: 'POST',
      paths: ['/client/{clientId}/log/{eventId}/undo'],
      params: { eventId: { to: 'text', field: 'event' } },
    },
    input: schema((z) => z.strictObject({ event: z.string().min(1).max(20) })),
    output: schema((z) =>
      z.strictObject({
        event: idSchema(z),
        action: z.enum(['UPDATE', 'DELETE', 'RESTORE']),
        object: z.strictObject({ objectType: z.string(), id: idSchema(z), name: z.string() }),
        ...changeShape(z),
        changed: z.literal(true),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT', 'NOT_ALLOWED'],
  }),
};
