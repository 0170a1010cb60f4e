import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { AuditEntry } from './audit.ts';
import { type Connection, Inserter } from './bulk-insert.ts';
import { encodeId } from './codec.ts';

/** What the changes of one import have in common. */
export interface AuditFrame {
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string;
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
  readonly #rows: Inserter;

  constructor(connection: Connection, clientId: Id, { at, actor, reason, objectType }: AuditFrame) {
    this.#rows = new Inserter(connection, 'audit_event', [
      { name: 'client_id', fixed: encodeId(clientId) },
      { name: 'id', counts: true },
      { name: 'at', fixed: at },
      { name: 'actor', fixed: actor },
      { name: 'reason', fixed: reason },
      { name: 'object_type', fixed: objectType },
      { name: 'operation' },
      { name: 'action' },
      { name: 'object_id' },
      { name: 'object_name' },
      { name: 'before' },
      { name: 'after' },
    ]);
  }

  /** The rows get the ids from `first` on, in order. */
  write(first: bigint, rows: readonly AuditRow[]): void {
    const values: unknown[] = [];
    for (const { operation, action, object, objectName, before, after } of rows)
      values.push(operation, action, object, objectName, before, after);
    this.#rows.insert(values, rows.length, first);
  }
}
