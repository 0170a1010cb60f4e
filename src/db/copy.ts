import { createHash } from 'node:crypto';
import { TphError } from '../values/error.ts';
import { built } from './builder.ts';
import {
  addRows,
  allClients,
  clientTables,
  countOf,
  enter,
  lastOf,
  ownTables,
  type Part,
  pagesOf,
} from './copy-tables.ts';
import { beginCopy, emptyTables, endCopy, finishCopy, insertRows, targetState } from './copy-target.ts';
import type { Database, Queries, Row } from './database.ts';
import { lastNumber } from './id-sequence.ts';
import type { Table } from './table.ts';

/** What was copied of a table, of all clients. */
export interface TableCopy {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 of its rows in order; null where nothing was compared. */
  readonly checksum: string | null;
  /** Whether the copy has the same rows; null where nothing was compared. */
  readonly same: boolean | null;
}

export interface CopyStep {
  readonly phase: 'copying' | 'comparing';
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export interface CopyOptions {
  readonly onStep: (step: CopyStep) => void;
  /** Aborted: it ends between two pages, with what it has. */
  readonly signal: AbortSignal;
}

export interface Copied {
  readonly tables: readonly TableCopy[];
  /** Whether it went on with a copy that was interrupted. */
  readonly resumed: boolean;
}

/** Counts what a copy would take, and looks whether the target may be copied into; undefined: it is not there yet. */
export async function planCopy(source: Database, target: Database | undefined): Promise<Copied> {
  return source.read(async (from) => {
    const { clients, parts, counts } = await survey(source, from);
    const seen = await target?.read((queries) => targetState(target, queries));
    const resumed =
      target !== undefined && seen !== undefined && mayTake(target, seen, sourceName(source, clients));
    return { resumed, tables: summed(parts, counts, () => null) };
  });
}

/**
 * Copies every row of every client, as one moment saw them, into a database of the same version that has none. What an
 * interrupted copy left is gone on with, and what has changed in the source since is copied anew. In the end all rows
 * are read back and compared; a copy that is not the same stays unfinished, which no command takes for a database.
 * CONFLICT where the target holds data, or the unfinished copy of another source; INTERRUPTED by the signal.
 */
export async function copyRows(source: Database, target: Database, options: CopyOptions): Promise<Copied> {
  return source.read(async (from) => {
    const { clients, parts, counts } = await survey(source, from);
    const resumed = await target.write(async (queries) => {
      const name = sourceName(source, clients);
      const isUnfinished = mayTake(target, await targetState(target, queries), name);
      if (!isUnfinished) await beginCopy(target, queries, name);
      return isUnfinished;
    });
    const run = new Run(source, from, target, options, parts, counts);
    await run.copyAll().catch((error: unknown) => Promise.reject(orOther(target, error)));
    const sums = await run.compareAll(resumed);
    const tables = summed(parts, counts, (part) => sums.get(part) ?? null);
    if (tables.every(({ same }) => same === true)) await finishWith(from, target);
    return { resumed, tables };
  });
}

/** A row that is there already was put there by somebody else, since this copy goes on behind the last. */
function orOther(target: Database, error: unknown): unknown {
  const explained = target.explain(error);
  if (!(explained instanceof TphError) || explained.code !== 'CONFLICT') return error;
  return new TphError('CONFLICT', `another copy into \`${target.location}\` is at work`, {
    hint: 'let it end, then run this one again',
    cause: error,
  });
}

/** Takes every row out of a database, and makes it the unfinished copy of the source. */
export async function emptyForCopy(source: Database, target: Database): Promise<void> {
  const name = sourceName(source, await source.read(allClients));
  await target.write(async (queries) => {
    const { state } = await targetState(target, queries);
    await emptyTables(target, queries);
    if (state === 'unfinished') await endCopy(queries);
    await beginCopy(target, queries, name);
  });
}

interface Survey {
  readonly clients: readonly bigint[];
  readonly parts: readonly Part[];
  readonly counts: ReadonlyMap<Part, number>;
}

/** What there is to copy. */
async function survey(source: Database, from: Queries): Promise<Survey> {
  const clients = await allClients(from);
  const parts = clients.flatMap((client) => clientTables.map((table): Part => ({ table, client })));
  const counts = new Map<Part, number>();
  for (const part of parts) {
    await enter(source, from, part);
    counts.set(part, await countOf(from, part));
  }
  return { clients, parts, counts };
}

/** By what a later run knows that it goes on with the same copy. */
const sourceName = (source: Database, clients: readonly bigint[]): string =>
  `${source.location}#${clients[0] ?? 0n}`;

/** Whether the target holds the unfinished copy of this very source; throws where it holds anything else. */
function mayTake(target: Database, seen: Awaited<ReturnType<typeof targetState>>, source: string): boolean {
  if (seen.state === 'new' || seen.state === 'empty') return false;
  const other = seen.state === 'unfinished' ? seen.source : undefined;
  if (other === source) return true;
  throw new TphError(
    'CONFLICT',
    other === undefined
      ? `\`${target.location}\` holds data already`
      : `\`${target.location}\` holds the unfinished copy of another database, \`${other.replace(/#\d+$/, '')}\``,
    { hint: 'name a database that is empty, or a new one' },
  );
}

async function finishWith(from: Queries, target: Database): Promise<void> {
  const own = new Map<Table, readonly Row[]>();
  for (const table of ownTables) {
    const names = table.columns.map((column) => column.name);
    own.set(table, await built(from).selectFrom(table.name).select(names).execute());
  }
  const lastId = await lastNumber(from);
  await target.write((queries) => finishCopy(target, queries, { own, lastId }));
}

interface Sums {
  readonly source: string;
  readonly target: string;
}

class Run {
  readonly #source: Database;
  readonly #from: Queries;
  readonly #target: Database;
  readonly #options: CopyOptions;
  readonly #parts: readonly Part[];
  readonly #counts: ReadonlyMap<Part, number>;
  readonly #total: number;
  /** Parts of which a run before this one has copied rows. */
  readonly #begun = new Set<Part>();

  constructor(
    source: Database,
    from: Queries,
    target: Database,
    options: CopyOptions,
    parts: readonly Part[],
    counts: ReadonlyMap<Part, number>,
  ) {
    this.#source = source;
    this.#from = from;
    this.#target = target;
    this.#options = options;
    this.#parts = parts;
    this.#counts = counts;
    this.#total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async copyAll(): Promise<void> {
    let done = 0;
    for (const part of this.#parts) {
      await this.#copy(part, (rows) => this.#step('copying', part, done + rows));
      done += this.#counts.get(part) ?? 0;
    }
  }

  /** The checksums of every part on both sides. Of a resumed copy, a part that is not the same is copied anew once. */
  async compareAll(resumed: boolean): Promise<ReadonlyMap<Part, Sums>> {
    const sums = new Map<Part, Sums>();
    let done = 0;
    for (const part of this.#parts) {
      let found = await this.#compare(part);
      if (resumed && found.source !== found.target && this.#begun.has(part)) {
        await this.#write(part, async (queries) => {
          await built(queries).deleteFrom(part.table.name).where('client_id', '=', part.client).execute();
        });
        await this.#copy(part, () => {});
        found = await this.#compare(part);
      }
      sums.set(part, found);
      done += this.#counts.get(part) ?? 0;
      this.#step('comparing', part, done);
    }
    return sums;
  }

  async #copy(part: Part, onRows: (rows: number) => void): Promise<void> {
    const last = await this.#look(part, (queries) => lastOf(queries, part));
    if (last !== undefined) this.#begun.add(part);
    if (this.#counts.get(part) === 0) return;
    await enter(this.#source, this.#from, part);
    let rows = 0;
    for await (const page of pagesOf(this.#from, part, last)) {
      await this.#write(part, (queries) => insertRows(this.#target, queries, part.table, page));
      rows += page.length;
      onRows(rows);
    }
  }

  async #compare(part: Part): Promise<Sums> {
    await enter(this.#source, this.#from, part);
    const [source, target] = await Promise.all([
      this.#sum(this.#from, part),
      this.#look(part, (queries) => this.#sum(queries, part)),
    ]);
    return { source, target };
  }

  async #sum(queries: Queries, part: Part): Promise<string> {
    const hash = createHash('sha256');
    for await (const page of pagesOf(queries, part)) {
      this.#stopIfAsked();
      addRows(hash, part.table, page);
    }
    return hash.digest('hex');
  }

  #look<T>(part: Part, work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#target.read(async (queries) => {
      await enter(this.#target, queries, part);
      return work(queries);
    });
  }

  async #write(part: Part, work: (queries: Queries) => Promise<void>): Promise<void> {
    this.#stopIfAsked();
    await this.#target.write(async (queries) => {
      await enter(this.#target, queries, part);
      await work(queries);
    });
  }

  #step(phase: CopyStep['phase'], part: Part, done: number): void {
    this.#options.onStep({ phase, table: part.table.name, done, total: this.#total });
  }

  #stopIfAsked(): void {
    if (this.#options.signal.aborted)
      throw new TphError('INTERRUPTED', 'interrupted', {
        hint: 'the same command goes on where this one stopped',
      });
  }
}

/** What became of each table, over all clients. */
function summed(
  parts: readonly Part[],
  counts: ReadonlyMap<Part, number>,
  sumsOf: (part: Part) => Sums | null,
): readonly TableCopy[] {
  return clientTables.map((table) => {
    const own = parts.filter((part) => part.table === table);
    const sums = own.map(sumsOf);
    const isCompared = sums.every((one) => one !== null);
    const hash = createHash('sha256');
    for (const one of sums) hash.update(one?.source ?? '');
    return {
      table: table.name,
      rows: own.reduce((sum, part) => sum + (counts.get(part) ?? 0), 0),
      checksum: isCompared ? hash.digest('hex') : null,
      same: isCompared ? sums.every((one) => one?.source === one?.target) : null,
    };
  });
}
