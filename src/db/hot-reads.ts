import type BetterSqlite3 from 'better-sqlite3';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import type { Fields, ItemsField, ObjectType, ReferencesField } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { decodeFields, decodeId, encodeId } from './codec.ts';
import { collectionTable, columnName } from './columns.ts';
import type { Row } from './database.ts';
import { keep } from './memory.ts';
import { type Labels, labelFields, presentFields } from './present.ts';
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

/** How a record of one kind is read: statements that are prepared once and held. */
interface Plan {
  readonly row: Statement;
  readonly collections: readonly (readonly [
    name: string,
    read: (client: bigint, owner: bigint) => unknown[],
  ])[];
  /** For references to records of this kind. */
  readonly label: Statement;
  readonly labelFields: Fields;
}

/**
 * The queries of nearly every request of a server: a token by its hash, a record by its id. On a connection of its
 * own, where nothing is written. What was read is kept in memory as long as SQLite says that nobody, in this process
 * or another, has committed anything since (`data_version`), so that it is never out of date. SQLite is asked once in
 * a turn of the event loop: what is committed later in that turn is committed while these requests are in flight.
 */
export class HotReads {
  readonly #connection: BetterSqlite3.Database;
  readonly #plans = new Map<ObjectType, Plan>();
  readonly #tokens = new Map<string, UsableToken>();
  readonly #records = new Map<string, AnyRecord>();
  #read: unknown;
  #isCurrent = false;
  readonly #token: Statement;
  readonly #groups: Statement;
  readonly #anyToken: Statement;
  readonly #version: Statement;
  readonly #begin: Statement;
  readonly #commit: Statement;

  constructor(connection: BetterSqlite3.Database) {
    this.#connection = connection;
    this.#token = connection.prepare(
      `select t.*, c.name as client_name, c.time_zone, c.country from api_token t
       join client c on c.client_id = t.client_id and c.id = t.client_id and c.deleted_at is null
       left join driver d on d.client_id = t.client_id and d.id = t.driver_id
       left join customer p on p.client_id = t.client_id and p.id = t.customer_id
       where t.hash = ? and t.revoked_at is null and (t.expires_at is null or t.expires_at > ?)
       and d.deleted_at is null and p.deleted_at is null`,
    );
    this.#groups = connection.prepare(
      'select target_id from api_token_group where client_id = ? and owner_id = ? order by ordinal',
    );
    this.#anyToken = connection.prepare(
      'select 1 from api_token where revoked_at is null and (expires_at is null or expires_at > ?) limit 1',
    );
    this.#version = connection.prepare('pragma data_version').pluck();
    this.#begin = connection.prepare('begin');
    this.#commit = connection.prepare('commit');
  }

  /** The token with this hash, unless it is expired or revoked, or whom it stands for is gone. */
  token(hash: string, now: Instant): UsableToken | undefined {
    this.#forgetOld();
    const known = this.#tokens.get(hash);
    if (known !== undefined && (known.token.expiresAt === null || known.token.expiresAt > now)) return known;
    const found = this.#usableToken(hash, now);
    if (found !== undefined) keep(this.#tokens, hash, found);
    return found;
  }

  #usableToken(hash: string, now: Instant): UsableToken | undefined {
    const row = this.#token.get(hash, now) as Row | undefined;
    if (row === undefined) return undefined;
    const groups = row['role'] === 'OPERATOR' ? (this.#groups.all(row['client_id'], row['id']) as Row[]) : [];
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
    return this.#anyToken.get(now) !== undefined;
  }

  /** One record as it is answered, a deleted one too, on one view of the data; as `present` makes it. */
  record(clientId: Id, definition: RecordDefinition, id: Id): AnyRecord | undefined {
    const plan = this.#plan(definition.objectType);
    const name = `${definition.objectType} ${clientId} ${id}`;
    this.#forgetOld();
    const known = this.#records.get(name);
    if (known !== undefined) return known;
    this.#begin.run();
    try {
      const found = this.#record(plan, clientId, definition, encodeId(id));
      if (found !== undefined) keep(this.#records, name, found);
      return found;
    } finally {
      this.#commit.run();
    }
  }

  /** To be called after every change that this process makes, so that whoever made it sees it. */
  lookAgain(): void {
    this.#isCurrent = false;
  }

  #forgetOld(): void {
    if (this.#isCurrent) return;
    this.#isCurrent = true;
    setImmediate(() => this.lookAgain());
    const version = this.#version.get();
    if (version === this.#read) return;
    this.#read = version;
    this.#tokens.clear();
    this.#records.clear();
  }

  #record(plan: Plan, clientId: Id, definition: RecordDefinition, key: bigint): AnyRecord | undefined {
    const { fields, objectType } = definition;
    const client = encodeId(clientId);
    const row = plan.row.get(client, key) as Row | undefined;
    if (row === undefined) return undefined;
    const values = decodeFields(fields, row);
    for (const [name, read] of plan.collections) values[name] = read(client, key);
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

  #labels(client: bigint): Labels {
    const labels: Labels = (type: ObjectType, id: Id) => {
      const { label, labelFields: fields } = this.#plan(type);
      const row = label.get(client, encodeId(id)) as Row | undefined;
      if (row === undefined) return { id };
      return { id, ...presentFields(fields, decodeFields(fields, row), labels) };
    };
    return labels;
  }

  #plan(type: ObjectType): Plan {
    const held = this.#plans.get(type);
    if (held !== undefined) return held;
    const plan = planOf(this.#connection, definitionOf(type));
    this.#plans.set(type, plan);
    return plan;
  }
}

function planOf(connection: BetterSqlite3.Database, definition: RecordDefinition): Plan {
  const { table, fields, objectType } = definition;
  const label = labelFields(definition);
  const columns = Object.entries(label).map(([name, field]) => `"${columnName(name, field)}"`);
  return {
    row: connection.prepare(
      `select r.*, k.key as internal_key from "${table}" r left join internal_key k
       on k.client_id = r.client_id and k.object_type = '${objectType}' and k.object_id = r.id
       where r.client_id = ? and r.id = ?`,
    ),
    collections: Object.entries(fields).flatMap(([name, field]) => {
      if (field.kind === 'references')
        return [[name, linkedReader(connection, definition, name, field)] as const];
      if (field.kind === 'tags') return [[name, tagReader(connection, definition, name)] as const];
      if (field.kind === 'items') return [[name, itemReader(connection, definition, name, field)] as const];
      return [];
    }),
    label: connection.prepare(`select ${columns.join(', ')} from "${table}" where client_id = ? and id = ?`),
    labelFields: label,
  };
}

function linkedReader(
  connection: BetterSqlite3.Database,
  definition: RecordDefinition,
  name: string,
  field: ReferencesField,
) {
  const link = linkOf(definition, name, field);
  // Seen from the other side, a deleted owner's links are not there until it is restored.
  const rest =
    field.inverse === undefined
      ? 'order by ordinal'
      : `and exists (select 1 from "${definitionOf(field.target).table}" o where o.client_id = l.client_id
         and o.id = l.owner_id and o.deleted_at is null) order by owner_id`;
  const statement = connection
    .prepare(`select ${link.other} from "${link.table}" l where client_id = ? and ${link.own} = ? ${rest}`)
    .pluck();
  return (client: bigint, owner: bigint) => statement.all(client, owner).map(decodeId);
}

function tagReader(connection: BetterSqlite3.Database, definition: RecordDefinition, name: string) {
  const statement = connection
    .prepare(
      `select tag from "${collectionTable(definition.table, name)}"
       where client_id = ? and owner_id = ? order by position`,
    )
    .pluck();
  return (client: bigint, owner: bigint) => statement.all(client, owner);
}

function itemReader(
  connection: BetterSqlite3.Database,
  definition: RecordDefinition,
  name: string,
  { fields }: ItemsField,
) {
  const table = collectionTable(definition.table, name);
  const statement = connection.prepare(
    `select * from "${table}" where client_id = ? and owner_id = ? order by position`,
  );
  const nested = Object.entries(fields)
    .filter(([, inner]) => inner.kind === 'references')
    .map(([inner]) => {
      const links = connection
        .prepare(
          `select target_id from "${collectionTable(table, inner)}"
           where client_id = ? and owner_id = ? and position = ? order by ordinal`,
        )
        .pluck();
      return [inner, links] as const;
    });
  return (client: bigint, owner: bigint) =>
    (statement.all(client, owner) as Row[]).map((row) => {
      const values = decodeFields(fields, row);
      for (const [inner, links] of nested)
        values[inner] = links.all(client, owner, row['position']).map(decodeId);
      return values;
    });
}
