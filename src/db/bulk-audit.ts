import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { AuditEntry } from './audit.ts';
import type { BulkConnection, Insertion } from './bulk-connection.ts';
import { encodeId } from './codec.ts';

/** What the changes of one import have in common. */
export interface AuditFrame {
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string | null;
  readonly objectType: ObjectType;
}

/** One change, its object's id as a number. */
export type AuditRow = Pick<AuditEntry, 'operation' | 'action' | 'objectName'> & {
  readonly object: bigint;
  /** JSON text. */
  readonly before: string | null;
  readonly after: string;
};

/** Writes many audit rows as `writeAudit` writes one. */
export class AuditWriter {
  readonly #connection: BulkConnection;
  readonly #into: Insertion;

  constructor(connection: BulkConnection, clientId: Id, { at, actor, reason, objectType }: AuditFrame) {
    this.#connection = connection;
    this.#into = {
      table: 'audit_event',
      columns: [
        { name: 'client_id', type: 'id', fixed: encodeId(clientId) },
        { name: 'id', type: 'id', counts: true },
        { name: 'at', type: 'integer', fixed: at },
        { name: 'actor', type: 'text', fixed: actor },
        { name: 'reason', type: 'text', fixed: reason },
        { name: 'object_type', type: 'text', fixed: objectType },
        { name: 'operation', type: 'text' },
        { name: 'action', type: 'text' },
        { name: 'object_id', type: 'id' },
        { name: 'object_name', type: 'text' },
        { name: 'before', type: 'text' },
        { name: 'after', type: 'text' },
      ],
    };
  }

  /** The rows get the ids from `first` on, in order. */
  async write(first: bigint, rows: readonly AuditRow[]): Promise<void> {
    const values: unknown[] = [];
    for (const { operation, action, object, objectName, before, after } of rows)
      values.push(operation, action, object, objectName, before, after);
    await this.#connection.insert(this.#into, values, rows.length, first);
  }
}
