import {
  clientKey,
  column,
  type ForeignKey,
  id,
  linkTable,
  ownerKey,
  recordKey,
  type Table,
} from './table.ts';

/** What belongs to an import goes with it. */
const importKey: ForeignKey = {
  columns: ['client_id', 'import_id'],
  table: 'import_run',
  references: ['client_id', 'id'],
  cascade: true,
  since: 2,
};

/** What is kept beside the records. */
export const supportTables: readonly Table[] = [
  {
    // Spec section 3: an internal key is stored in no column of its record.
    name: 'internal_key',
    columns: [
      id('client_id'),
      column('object_type', 'text', true),
      column('key', 'text', true),
      id('object_id'),
      column('request_hash', 'text', true),
      { ...column('live', 'integer', true), oneOf: [0, 1] },
    ],
    primaryKey: ['client_id', 'object_type', 'object_id'],
    foreignKeys: [clientKey],
    indexes: [
      {
        name: 'internal_key_unique',
        columns: ['client_id', 'object_type', 'key'],
        unique: true,
        where: 'live = 1',
        since: 1,
      },
    ],
    clustered: true,
    since: 1,
  },
  {
    name: 'audit_event',
    columns: [
      id('client_id'),
      id('id'),
      column('at', 'integer', true),
      column('actor', 'text', true),
      column('reason', 'text', false),
      column('operation', 'text', true),
      { ...column('action', 'text', true), oneOf: ['CREATE', 'UPDATE', 'DELETE', 'RESTORE'] },
      column('object_type', 'text', true),
      id('object_id'),
      column('object_name', 'text', true),
      column('before', 'text', false),
      column('after', 'text', false),
    ],
    primaryKey: ['client_id', 'id'],
    foreignKeys: [clientKey],
    indexes: [
      { name: 'audit_event_by_object', columns: ['client_id', 'object_id', 'id'], unique: false, since: 1 },
      { name: 'audit_event_by_at', columns: ['client_id', 'at', 'id'], unique: false, since: 1 },
      // In the order of the trail, which is asked for the newest of few among many.
      ...['actor', 'operation', 'object_type'].map((name) => ({
        name: `audit_event_listed_by_${name}`,
        columns: ['client_id', name, 'id'],
        unique: false,
        since: 3,
      })),
      {
        name: 'audit_event_removals',
        columns: ['client_id', 'action', 'id'],
        unique: false,
        where: "action <> 'CREATE' and action <> 'UPDATE'",
        since: 3,
      },
    ],
    clustered: false,
    since: 1,
  },
  {
    // Spec section 6: of a token only the hash is kept.
    name: 'api_token',
    columns: [
      id('client_id'),
      id('id'),
      column('name', 'text', true),
      { ...column('role', 'text', true), oneOf: ['ADMIN', 'OPERATOR', 'DRIVER_APP', 'CUSTOMER_APP'] },
      column('hash', 'text', true),
      column('driver_id', 'id', false),
      column('customer_id', 'id', false),
      column('created_date', 'integer', true),
      column('created_by', 'text', true),
      column('expires_at', 'integer', false),
      column('revoked_at', 'integer', false),
    ],
    primaryKey: ['client_id', 'id'],
    foreignKeys: [clientKey, recordKey('driver_id', 'driver'), recordKey('customer_id', 'customer')],
    indexes: [
      { name: 'api_token_by_hash', columns: ['hash'], unique: true, since: 1 },
      {
        name: 'api_token_unique_name',
        columns: ['client_id', 'name'],
        unique: true,
        where: 'revoked_at is null',
        since: 1,
      },
    ],
    clustered: false,
    since: 1,
  },
  linkTable('api_token_group', [], ownerKey('api_token'), 'acl_group', 1),
  {
    // What a change under an idempotency key answered, committed with the change, so that asking twice does it once.
    name: 'idempotent_answer',
    columns: [
      id('client_id'),
      column('key', 'text', true),
      column('fingerprint', 'text', true),
      column('answered_at', 'integer', true),
      column('answer', 'text', true),
    ],
    primaryKey: ['client_id', 'key'],
    foreignKeys: [clientKey],
    indexes: [
      {
        name: 'idempotent_answer_by_age',
        columns: ['client_id', 'answered_at'],
        unique: false,
        since: 1,
      },
    ],
    clustered: false,
    since: 1,
  },
  {
    // Spec section 7: what was imported when, and how it ended; `options` is how it was asked for, as JSON.
    name: 'import_run',
    columns: [
      id('client_id'),
      id('id'),
      column('kind', 'text', true),
      { ...column('mode', 'text', true), oneOf: ['atomic', 'partial'] },
      { ...column('on_conflict', 'text', true), oneOf: ['error', 'skip', 'update'] },
      column('options', 'text', true),
      column('file', 'text', true),
      column('sha256', 'text', false),
      column('actor', 'text', true),
      column('started_at', 'integer', true),
      column('finished_at', 'integer', false),
      {
        ...column('state', 'text', true),
        oneOf: ['INTERRUPTED', 'DONE', 'REJECTED', 'ABANDONED', 'UNDONE', 'PARTLY_UNDONE'],
      },
      column('total', 'integer', true),
      column('created', 'integer', true),
      column('updated', 'integer', true),
      column('unchanged', 'integer', true),
      column('failed', 'integer', true),
      column('warnings', 'integer', true),
    ],
    primaryKey: ['client_id', 'id'],
    foreignKeys: [clientKey],
    indexes: [],
    clustered: false,
    since: 2,
  },
  {
    // A batch that was applied: which audit events are its own, and of a partial run what was answered, as JSON.
    // Numbers below zero are undos of the run.
    name: 'import_batch',
    columns: [
      id('client_id'),
      id('import_id'),
      column('number', 'integer', true),
      column('first_event', 'id', false),
      column('last_event', 'id', false),
      column('answer', 'text', false),
    ],
    primaryKey: ['client_id', 'import_id', 'number'],
    foreignKeys: [importKey],
    indexes: [],
    clustered: false,
    since: 2,
  },
  {
    // Batches of an atomic run that came over HTTP, as JSON, until the run is finished.
    name: 'import_stage',
    columns: [
      id('client_id'),
      id('import_id'),
      column('number', 'integer', true),
      column('rows', 'text', true),
    ],
    primaryKey: ['client_id', 'import_id', 'number'],
    foreignKeys: [importKey],
    indexes: [],
    clustered: false,
    since: 2,
  },
  {
    // One row: the last id given out. Writers wait for each other, so ids never collide (spec section 2).
    name: 'id_sequence',
    columns: [{ ...column('one', 'integer', true), oneOf: [1] }, id('last')],
    primaryKey: ['one'],
    foreignKeys: [],
    indexes: [],
    clustered: true,
    since: 1,
  },
  {
    name: 'schema_version',
    columns: [
      column('version', 'integer', true),
      column('applied_at', 'integer', true),
      column('program', 'text', true),
    ],
    primaryKey: ['version'],
    foreignKeys: [],
    indexes: [],
    clustered: true,
    since: 1,
  },
];
