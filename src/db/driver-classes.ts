import { driver } from '../records/driver.ts';
import type { DriverClass } from '../resolver/eligibility-census.ts';
import { compareIds, type Id } from '../values/id.ts';
import { encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { DriverNumbers } from './driver-numbers.ts';
import { type Capability, keyOf } from './eligibility-facts.ts';
import { once } from './memory.ts';
import { packed, packedPages } from './packed.ts';
import { marks, rows } from './statement.ts';

/** As many bits as a sum of powers of two keeps exact in any engine, and a text of decimals in the language. */
const BITS = 50;

const IDLE = driver.fields.status.values
  .filter((status) => status !== 'ACTIVE')
  .map((status) => `'${status}'`)
  .join(', ');

/** All live drivers, counted by whether they are active and which of `required` they have. */
export const driverClasses = (
  queries: Queries,
  clientId: Id,
  required: readonly Capability[],
): Promise<readonly DriverClass[]> =>
  once(queries, `classes ${clientId} ${keyOf(required)}`, () => readClasses(queries, clientId, required));

async function readClasses(
  queries: Queries,
  clientId: Id,
  required: readonly Capability[],
): Promise<readonly DriverClass[]> {
  const client = encodeId(clientId);
  // Indexes alone answer all of this; whoever is deleted is few, and is taken off.
  const [all] = await rows(
    queries,
    `select (select count(*) from driver where client_id = ?) as total,
       (select count(*) from driver where client_id = ? and deleted_at is not null) as gone,
       (select count(*) from driver where client_id = ? and status in (${IDLE})) as idle,
       (select count(*) from driver where client_id = ? and deleted_at is not null and status in (${IDLE})) as idle_gone`,
    [client, client, client, client],
  );
  const asked = new Masks(required);
  const found = required.length === 0 ? [] : await holderCounts(queries, client, asked, required);
  const of = (name: string) => Number(all?.[name] ?? 0);
  const idle = of('idle') - of('idle_gone');
  const without = {
    mask: asked.none,
    idle: idle - sum(found.map((one) => one.idle)),
    active: of('total') - of('gone') - idle - sum(found.map((one) => one.active)),
  };
  return [...found, without].flatMap((one) => {
    const capabilities = asked.codes(one.mask);
    return [
      { active: true, capabilities, count: one.active },
      { active: false, capabilities, count: one.idle },
    ].filter(({ count }) => count > 0);
  });
}

/** How many drivers have the same of what is required, of those who have any of it. */
async function holderCounts(
  queries: Queries,
  client: bigint,
  asked: Masks,
  required: readonly Capability[],
): Promise<readonly { readonly mask: string; readonly active: number; readonly idle: number }[]> {
  const found = await rows(
    queries,
    `select mask, count(*) as n, sum(idle) as idle from (
       select ${asked.sql} as mask, max(case when k.owner_id in
         (select id from driver where client_id = ? and status in (${IDLE})) then 1 else 0 end) as idle
       from driver_client_capability k
       where k.client_id = ? and k.target_id in (${marks(required.length)})
         and k.owner_id not in (select id from driver where client_id = ? and deleted_at is not null)
       group by k.owner_id
     ) as holders group by mask`,
    [client, client, ...required.map(({ id }) => encodeId(id)), client],
  );
  return found.map((row) => {
    const idle = Number(row['idle']);
    return { mask: row['mask'] as string, active: Number(row['n']) - idle, idle };
  });
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Which of some capabilities a driver has, as one text: powers of two, added up. */
class Masks {
  readonly #words: readonly (readonly Capability[])[];
  /** The mask of the driver whose links are grouped. */
  readonly sql: string;
  readonly none: string;

  constructor(asked: readonly Capability[]) {
    this.#words = Array.from({ length: Math.ceil(asked.length / BITS) }, (_word, index) =>
      asked.slice(index * BITS, (index + 1) * BITS),
    );
    this.none = this.#words.map(() => '0').join(' ');
    const cells = this.#words.map((word) => {
      const bits = word.map(({ id }, bit) => `when ${encodeId(id)} then ${2 ** bit}`);
      return `cast(sum(case target_id ${bits.join(' ')} else 0 end) as text)`;
    });
    this.sql = cells.join(` || ' ' || `);
  }

  codes(mask: string): readonly string[] {
    const words = mask.split(' ');
    return this.#words.flatMap((word, index) => {
      const bits = Number(words[index]);
      return word.flatMap(({ code }, bit) => (Math.floor(bits / 2 ** bit) % 2 === 1 ? [code] : []));
    });
  }
}

/** The drivers of a client, each with a number from 0; a class is of those who have the same of the capabilities asked about. */
export interface ClassedDrivers {
  readonly classes: readonly DriverClass[];
  /** The class of each driver, by the driver's number. */
  readonly classOf: Int32Array;
  readonly numbers: DriverNumbers;
}

/** Every live driver's class, by whether the driver is active and which of these capabilities the driver has. */
export async function classedDrivers(
  queries: Queries,
  clientId: Id,
  asked: readonly Capability[],
): Promise<ClassedDrivers> {
  // All three are answered by indexes alone.
  const gone = await driverIds(queries, clientId, 'and deleted_at is not null');
  const idle = await driverIds(queries, clientId, `and status in (${IDLE})`);
  const numbers = new DriverNumbers();
  const classOf: number[] = [];
  const keys = new Map<string, number>();
  const classes: { active: boolean; capabilities: readonly string[]; count: number }[] = [];
  const words = new Masks(asked);
  const masks = new MaskReader(queries, clientId, words);
  const pages = packedPages(queries, {
    cells: ["'G' || id"],
    from: 'from driver where client_id = ?',
    key: 'id',
    parameters: [encodeId(clientId)],
  });
  for await (const page of pages as AsyncGenerator<readonly Id[]>) {
    const maskOf = await masks.through(page[page.length - 1] as Id);
    for (const id of page) {
      const mask = maskOf(id);
      if (gone.has(id)) continue;
      const active = !idle.has(id);
      const key = active ? mask : `idle ${mask}`;
      let number = keys.get(key);
      if (number === undefined) {
        number = classes.length;
        keys.set(key, number);
        classes.push({ active, capabilities: words.codes(mask), count: 0 });
      }
      const own = classes[number];
      if (own !== undefined) own.count += 1;
      classOf[numbers.add(id)] = number;
    }
  }
  return { classes, classOf: Int32Array.from(classOf), numbers };
}

async function driverIds(queries: Queries, clientId: Id, which: string): Promise<ReadonlySet<Id>> {
  const found = new Set<Id>();
  const pages = packedPages(queries, {
    cells: ["'G' || id"],
    from: `from driver where client_id = ? ${which}`,
    key: 'id',
    parameters: [encodeId(clientId)],
  });
  for await (const page of pages) for (const id of page) found.add(id as Id);
  return found;
}

/** Reads which of some capabilities each driver has, as a text of masks, in the order of the drivers' ids. */
class MaskReader {
  readonly #queries: Queries;
  readonly #client: bigint;
  readonly #asked: Masks;
  #after = 0n;

  constructor(queries: Queries, clientId: Id, asked: Masks) {
    this.#queries = queries;
    this.#client = encodeId(clientId);
    this.#asked = asked;
  }

  /** What each driver has, of those after the ones read before and up to this one; to be asked in the order of the ids. */
  async through(last: Id): Promise<(driver: Id) => string> {
    const { none, sql } = this.#asked;
    if (none === '') return () => none;
    const page = await packed(
      this.#queries,
      ["'G' || owner_id", sql],
      `from driver_client_capability where client_id = ? and owner_id > ? and owner_id <= ?
       group by owner_id order by owner_id`,
      [this.#client, this.#after, encodeId(last)],
    );
    this.#after = encodeId(last);
    let at = 0;
    return (driver) => {
      while (at < page.length && compareIds(page[at] as Id, driver) < 0) at += 2;
      return page[at] === driver ? (page[at + 1] as string) : none;
    };
  }
}
