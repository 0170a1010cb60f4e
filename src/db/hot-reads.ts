import type BetterSqlite3 from 'better-sqlite3';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import type { Field, Fields, ItemsField, ObjectType, ReferencesField } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { decodeFields, decodeId, encodeId } from './codec.ts';
import { collectionTable, columnName } from './columns.ts';
import type { Row } from './database.ts';
import { type Labels, presentFields } from './present.ts';
import { linkOf } from './record-store.ts';
import { decodeToken, type TokenRow } from './tokens.ts';

type Statement = BetterSqlite3.Statement<unknown[], unknown>;

/** A token that may be used, with its client. */
export interface UsableToken {
  readonly token: TokenRow;
  readonly client: {
    readonly id: Id;
    readonly name: string;
    readonly timeZone: string;
    readonly country: string;
  };
}

/**
 * The queries of nearly every request of a server, each a statement that is prepared once and held: a token by its
 * hash, a record by its id. On a connection of its own, where nothing is written.
 */
export class HotReads {
  readonly #connection: BetterSqlite3.Database;
  readonly #statements = new Map<string, Statement>();

  constructor(connection: BetterSqlite3.Database) {
    this.#connection = connection;
  }

  /** The token with this hash, unless it is expired or revoked, or whom it stands for is gone. */
  token(hash: string, now: Instant): UsableToken | undefined {
    const row = this.#prepared(
      `select t.*, c.name as client_name, c.time_zone, c.country from api_token t
       join client c on c.client_id = t.client_id and c.id = t.client_id and c.deleted_at is null
       left join driver d on d.client_id = t.client_id and d.id = t.driver_id
       left join customer p on p.client_id = t.client_id and p.id = t.customer_id
       where t.hash = ? and t.revoked_at is null and (t.expires_at is null or t.expires_at > ?)
       and d.deleted_at is null and p.deleted_at is null`,
    ).get(hash, now) as Row | undefined;
    if (row === undefined) return undefined;
    const groups =
      row['role'] === 'OPERATOR'
        ? (this.#prepared(
            'select target_id from api_token_group where client_id = ? and owner_id = ? order by ordinal',
          ).all(row['client_id'], row['id']) as Row[])
        : [];
    return {
      token: decodeToken(
        row,
        groups.map((group) => decodeId(group['target_id'])),
      ),
      client: {
        id: decodeId(row['client_id']),
        name: row['client_name'] as string,
        timeZone: row['time_zone'] as string,
        country: row['country'] as string,
      },
    };
  }

  hasTokens(now: Instant): boolean {
    return (
      this.#prepared(
        'select 1 from api_token where revoked_at is null and (expires_at is null or expires_at > ?) limit 1',
      ).get(now) !== undefined
    );
  }

  /** One record as it is answered, a deleted one too, on one view of the data; as `present` makes it. */
  record(clientId: Id, definition: RecordDefinition, id: Id): AnyRecord | undefined {
    this.#prepared('begin').run();
    try {
      return this.#record(clientId, encodeId(clientId), definition, encodeId(id));
    } finally {
      this.#prepared('commit').run();
    }
  }

  #record(
    clientId: Id,
    client: bigint,
    definition: RecordDefinition,
    key: bigint,
  ): AnyRecord | undefined {
    const { table, fields, objectType } = definition;
    const row = this.#prepared(
      `select r.*, k.key as internal_key from "${table}" r left join internal_key k
       on k.client_id = r.client_id and k.object_type = '${objectType}' and k.object_id = r.id
       where r.client_id = ? and r.id = ?`,
    ).get(client, key) as Row | undefined;
    if (row === undefined) return undefined;
    const values = decodeFields(fields, row);
    for (const [name, field] of Object.entries(fields)) {
      if (field.kind === 'references' || field.kind === 'tags' || field.kind === 'items')
        values[name] = this.#collection(definition, name, field, client, key);
    }
    const updatedDate = Number(row['updated_date']) as Instant;
    return {
      id: decodeId(row['id']),
      clientId,
      __objectType: objectType,
      ...presentFields(fields, values, this.#labels(client)),
      createdDate: Number(row['created_date']) as Instant,
      updatedDate,
      passiveUpdatedDate: updatedDate,
      listingUpdatedDate: updatedDate,
      internalKey: (row['internal_key'] as string | null) ?? null,
      deletedAt: row['deleted_at'] === null ? null : (Number(row['deleted_at']) as Instant),
      deletedBy: row['deleted_by'] as string | null,
    };
  }

  #collection(
    definition: RecordDefinition,
    name: string,
    field: Field,
    client: bigint,
    owner: bigint,
  ): readonly unknown[] {
    if (field.kind === 'references')
      return this.#linked(definition, name, field, client, owner);
    const table = collectionTable(definition.table, name);
    const rows = this.#prepared(
      `select * from "${table}" where client_id = ? and owner_id = ? order by position`,
    ).all(client, owner) as Row[];
    if (field.kind === 'tags') return rows.map((row) => row['tag']);
    const { fields } = field as ItemsField;
    return rows.map((row) => {
      const values = decodeFields(fields, row);
      for (const [inner, innerField] of Object.entries(fields))
        if (innerField.kind === 'references')
          values[inner] = (
            this.#prepared(
              `select target_id from "${collectionTable(table, inner)}"
               where client_id = ? and owner_id = ? and position = ? order by ordinal`,
            ).all(client, owner, row['position']) as Row[]
          ).map((link) => decodeId(link['target_id']));
      return values;
    });
  }

  #linked(
    definition: RecordDefinition,
    name: string,
    field: ReferencesField,
    client: bigint,
    owner: bigint,
  ): readonly Id[] {
    const link = linkOf(definition, name, field);
    // Seen from the other side, a deleted owner's links are not there until it is restored.
    const rest =
      field.inverse === undefined
        ? 'order by ordinal'
        : `and exists (select 1 from "${definitionOf(field.target).table}" o where o.client_id = l.client_id
           and o.id = l.owner_id and o.deleted_at is null) order by owner_id`;
    const rows = this.#prepared(
      `select ${link.other} as other from "${link.table}" l where client_id = ? and ${link.own} = ? ${rest}`,
    ).all(client, owner) as Row[];
    return rows.map((row) => decodeId(row['other']));
  }

  #labels(client: bigint): Labels {
    const labels: Labels = (type: ObjectType, id: Id) => {
      const definition = definitionOf(type);
      const own = labelFields(definition);
      const columns = Object.entries(own).map(([name, field]) => `"${columnName(name, field)}"`);
      const row = this.#prepared(
        `select ${columns.join(', ')} from "${definition.table}" where client_id = ? and id = ?`,
      ).get(client, encodeId(id)) as Row | undefined;
      if (row === undefined) return { id };
      return { id, ...presentFields(own, decodeFields(own, row), labels) };
    };
    return labels;
  }

  #prepared(sql: string): Statement {
    const held = this.#statements.get(sql);
    if (held !== undefined) return held;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The fields of a kind that stand in a reference to it. */
const labelFields = (definition: RecordDefinition): Fields =>
  Object.fromEntries(definition.label.map((name) => [name, definition.fields[name] as Field]));
