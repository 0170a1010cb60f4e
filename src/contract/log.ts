import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { Page } from './change.ts';
import { idSchema, instantSchema, schema } from './fields.ts';
import { operation } from './operation.ts';

/** One change to one record (spec section 8: committed together with the change or not at all). */
export interface AuditEvent {
  readonly id: Id;
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string | null;
  /** The operation that made it, such as `driver.update`. */
  readonly operation: string;
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE' | 'RESTORE';
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
            action: z.enum(['CREATE', 'UPDATE', 'DELETE', 'RESTORE']),
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
};
