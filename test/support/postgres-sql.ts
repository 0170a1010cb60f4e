/** Where a server of PostgreSQL is, and the role that may do everything there. */
export interface Reached {
  readonly host: string;
  readonly port: number;
  readonly superuser: string;
}

/** The role that the program connects as: it owns its databases, and is nothing more. */
export const ROLE = 'tph_app';
/** A database whose tables are there and empty, to be copied. */
export const TEMPLATE = 'tph_template';

/** Runs one statement, or several, in a connection of their own; as the superuser unless another role is named. */
export async function runSql<R = Record<string, unknown>>(
  { host, port, superuser }: Reached,
  database: string,
  text: string,
  role = superuser,
): Promise<readonly R[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ host, port, user: role, database, ssl: false });
  await client.connect();
  try {
    const result = (await client.query(text)) as unknown as { rows: R[] } | { rows: R[] }[];
    return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
  } finally {
    await client.end();
  }
}
