import type BetterSqlite3 from 'better-sqlite3';
import type { Answered, Queries, Row } from './database.ts';
import { otherEvents, sleep } from './pause.ts';
import { isBusy } from './sqlite-errors.ts';

type Connection = BetterSqlite3.Database;
type Statement = BetterSqlite3.Statement<unknown[]>;

/** The transactions of one connection, which take place one after the other, in the order in which they are asked for. */
export class SqliteTransactions {
  readonly #connection: Connection;
  readonly #lockWaitMs: number;
  readonly #takesTurns: boolean;
  readonly #statements = new Map<string, Statement>();
  #last: Promise<unknown> = Promise.resolve();
  #done = 0;

  /** `takesTurns`: lets other events happen between the queries of a transaction that takes long. */
  constructor(connection: Connection, lockWaitMs: number, takesTurns: boolean) {
    this.#connection = connection;
    this.#lockWaitMs = lockWaitMs;
    this.#takesTurns = takesTurns;
  }

  /** On one view of the data. */
  read<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      this.#connection.exec('begin');
      return this.#carriedOut(work, 'commit');
    });
  }

  /**
   * As the only writer. A plain `begin` fails at once when a reader becomes a writer under contention; a writer asks for
   * its turn first.
   */
  write<T>(work: (queries: Queries) => Promise<T>, end: 'commit' | 'rollback'): Promise<T> {
    return this.#inTurn(async () => {
      await this.#beginWriting();
      return this.#carriedOut(work, end);
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => {});
    return result;
  }

  async #carriedOut<T>(work: (queries: Queries) => Promise<T>, end: 'commit' | 'rollback'): Promise<T> {
    try {
      const answer: Queries['answer'] = this.#takesTurns
        ? (text, parameters) => this.#patiently(text, parameters)
        : async (text, parameters) => this.#answer(text, parameters);
      const result = await work({ dialect: 'sqlite', answer });
      this.#connection.exec(end);
      return result;
    } catch (error) {
      // On a full disk SQLite rolls back by itself; another rollback would fail, and hide why.
      if (this.#connection.inTransaction) this.#connection.exec('rollback');
      throw error;
    }
  }

  /** Waits between attempts rather than inside SQLite, so that another writer of the same process can finish. */
  async #beginWriting(): Promise<void> {
    for (const pause of pauses(this.#lockWaitMs)) {
      this.#connection.exec('pragma busy_timeout = 0');
      try {
        this.#connection.exec('begin immediate');
        return;
      } catch (error) {
        if (pause === undefined || !isBusy(error)) throw error;
      } finally {
        this.#connection.exec(`pragma busy_timeout = ${this.#lockWaitMs}`);
      }
      await sleep(pause);
    }
  }

  #answer(text: string, parameters: readonly unknown[]): Answered {
    const statement = this.#prepared(text);
    if (statement.reader) return { rows: statement.all(...parameters) as Row[], changed: 0 };
    return { rows: [], changed: statement.run(...parameters).changes };
  }

  /**
   * Nothing that a transaction waits for leaves the process, so that one of many queries would hold up all else: now and
   * then it lets other events happen.
   */
  async #patiently(text: string, parameters: readonly unknown[]): Promise<Answered> {
    if (this.#done >= TURN) {
      await otherEvents();
      this.#done = 0;
    }
    const answered = this.#answer(text, parameters);
    this.#done += 1 + answered.rows.length / ROWS;
    // What is made of so many rows is a piece of work of its own.
    if (answered.rows.length >= MANY) await otherEvents();
    return answered;
  }

  /** Preparing a statement takes longer than running it, and a session asks for the same ones again and again. */
  #prepared(text: string): Statement {
    const statement = this.#statements.get(text) ?? this.#connection.prepare<unknown[]>(text);
    // Lists of ids make statements of every length; the oldest make room.
    if (this.#statements.size >= MOST_STATEMENTS)
      this.#statements.delete(this.#statements.keys().next().value ?? '');
    this.#statements.set(text, statement);
    return statement;
  }
}
const MOST_STATEMENTS = 500;

/** After how many queries other events have their turn; so many rows, with what is made of them, take as long as one. */
const TURN = 50;
const ROWS = 10;
const MANY = 1000;

/** Pauses between attempts, in milliseconds: together `total`, and undefined after the last attempt. */
export function* pauses(total: number): Generator<number | undefined> {
  let left = total;
  for (let pause = 1; left > 0; pause = Math.min(pause * 2, 32)) {
    const next = Math.min(pause, left);
    left -= next;
    yield next;
  }
  yield undefined;
}
