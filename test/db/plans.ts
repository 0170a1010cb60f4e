import BetterSqlite3 from 'better-sqlite3';

/** How SQLite goes about one statement. */
export interface QueryPlan {
  readonly sql: string;
  /** One step a line, as `explain query plan` says it. */
  readonly steps: readonly string[];
}

/**
 * Collects how every statement is carried out that any connection of this process prepares while `work` runs. SQLite is
 * asked at that moment and on that connection, where tables of its own are there too.
 */
export async function plansOf(work: () => Promise<void>): Promise<readonly QueryPlan[]> {
  const plans = new Map<string, QueryPlan>();
  const { prototype } = BetterSqlite3;
  const { prepare } = prototype;
  prototype.prepare = function collected(this: BetterSqlite3.Database, sql: string) {
    const statement = prepare.call(this, sql);
    if (/^\s*(select|with|update|delete)\b/i.test(sql) && !plans.has(sql)) {
      const asked = prepare.call(this, `explain query plan ${sql}`) as BetterSqlite3.Statement<unknown[]>;
      const found = asked.all(blanks(sql)) as { detail: string }[];
      plans.set(sql, { sql: sql.replace(/\s+/g, ' '), steps: found.map(({ detail }) => detail) });
    }
    return statement;
  } as typeof prepare;
  try {
    await work();
  } finally {
    prototype.prepare = prepare;
  }
  return [...plans.values()];
}

/** A plan does not depend on what is bound, but something has to be. */
function blanks(sql: string): unknown[] {
  const bare = sql.replace(/'[^']*'|"[^"]*"/g, '');
  const named = [...bare.matchAll(/[@:$]([a-z_]\w*)/gi)].map(([, name]) => [name, null]);
  const places = [...bare.matchAll(/\?/g)].map(() => null);
  return named.length > 0 ? [...places, Object.fromEntries(named)] : places;
}

/** The tables that a plan goes through from end to end, or through all rows of the client. */
export const goneThrough = ({ steps }: QueryPlan): readonly string[] =>
  steps.filter(
    (step) =>
      /^SCAN (?!(\d+ )?CONSTANT ROW|v$|found\b|page\b|json_each|pragma_|sqlite_)/.test(step) ||
      (/^SEARCH .*\(client_id=\?\)/.test(step) && !SMALL_INDEX.test(step)),
  );

/** Indexes that few rows of a large table stand in: deleted records, names of more than three words. */
const SMALL_INDEX = /INDEX \w+(_deleted|_longer) /;
