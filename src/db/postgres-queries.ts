import type { ClientBase } from 'pg';
import type { Queries, Row } from './database.ts';
import { numbered } from './statement.ts';

/** The queries of one transaction, which is begun and ended elsewhere, on one connection. */
export const queriesOn = (client: ClientBase): Queries => ({
  dialect: 'postgres',
  answer: async (text, parameters) => {
    const { command, rowCount, rows } = await client.query<Row>({
      ...named(client, numbered(text)),
      values: parameters.map(storable),
    });
    const isChange = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
    return { rows, changed: isChange ? (rowCount ?? 0) : 0 };
  },
});

/** How many statements a connection keeps ready; lists of ids make statements of every length. */
const MOST_STATEMENTS = 400;
const statements = new WeakMap<ClientBase, Map<string, string>>();

/** A statement under a name is understood once by the server, and carried out again and again. */
function named(client: ClientBase, text: string): { readonly text: string; readonly name?: string } {
  const known = statements.get(client) ?? new Map<string, string>();
  statements.set(client, known);
  const name = known.get(text) ?? (known.size < MOST_STATEMENTS ? `tph${known.size}` : undefined);
  if (name === undefined) return { text };
  known.set(text, name);
  return { text, name };
}

/** PostgreSQL takes no text with a NUL. None that is kept has a control character either, so the other one finds nothing. */
const storable = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u0001') : value;

/** Object identifiers of the types whose values are read: bigint, smallint, integer, boolean. */
const INTEGERS = new Set([20, 21, 23]);
const BOOLEAN = 16;

/** Values as SQLite's driver gives them: integers as bigint, truth as 1 and 0, all else as text. */
export const valueTypes = {
  getTypeParser: (type: number) => (value: string) => {
    if (INTEGERS.has(type)) return BigInt(value);
    return type === BOOLEAN ? BigInt(value === 't') : value;
  },
};
