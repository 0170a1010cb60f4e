import { driver } from '../records/driver.ts';
import type { DriverClass } from '../resolver/eligibility-census.ts';
import { compareIds, type Id } from '../values/id.ts';
import { encodeId } from './codec.ts';
import type { Queries } from './database.ts';
import { DriverNumbers } from './driver-numbers.ts';
import { type Capability, keyOf } from './eligibility-facts.ts';
import { once } from './memory.ts';
import { PAGE_ROWS, packed, packedPages } from './packed.ts';
import { rows } from './statement.ts';

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
  const has = required.map(
    (_capability, index) =>
      `case when exists (select 1 from driver_client_capability k where k.client_id = d.client_id
       and k.owner_id = d.id and k.target_id = ?) then 1 else 0 end as has_${index}`,
  );
  const names = ['active', ...required.map((_capability, index) => `has_${index}`)].join(', ');
  const text = `select ${names}, count(*) as n, max(id) as last from (
    select d.id, ${["case when d.status = 'ACTIVE' then 1 else 0 end as active", ...has].join(', ')}
    from driver d where d.client_id = ? and d.deleted_at is null and d.id > ? order by d.id limit ${PAGE_ROWS}
  ) as page group by ${names}`;
  const found: DriverClass[] = [];
  let after = 0n;
  while (true) {
    const page = await rows(queries, text, [
      ...required.map(({ id }) => encodeId(id)),
      encodeId(clientId),
      after,
    ]);
    let seen = 0;
    for (const row of page) {
      const count = Number(row['n']);
      seen += count;
      const last = BigInt(row['last'] as bigint);
      if (last > after) after = last;
      found.push({
        active: Number(row['active']) === 1,
        capabilities: required.flatMap(({ code }, index) =>
          Number(row[`has_${index}`]) === 1 ? [code] : [],
        ),
        count,
      });
    }
    if (seen < PAGE_ROWS) return found;
  }
}

/** The drivers of a client, each with a number from 0; a class is of those who have the same of the capabilities asked about. */
export interface ClassedDrivers {
  readonly classes: readonly DriverClass[];
  /** The class of each driver, by the driver's number. */
  readonly classOf: Int32Array;
  readonly numbers: DriverNumbers;
}

/** As many bits as a sum of powers of two keeps exact in any engine, and a text of decimals in the language. */
const BITS = 50;

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
  const masks = new MaskReader(queries, clientId, asked);
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
        classes.push({ active, capabilities: masks.codes(mask), count: 0 });
      }
      const own = classes[number];
      if (own !== undefined) own.count += 1;
      classOf[numbers.add(id)] = number;
    }
  }
  return { classes, classOf: Int32Array.from(classOf), numbers };
}

const IDLE = driver.fields.status.values
  .filter((status) => status !== 'ACTIVE')
  .map((status) => `'${status}'`)
  .join(', ');

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
  readonly #asked: readonly Capability[];
  readonly #words: readonly (readonly Capability[])[];
  readonly #cells: readonly string[];
  #after = 0n;

  constructor(queries: Queries, clientId: Id, asked: readonly Capability[]) {
    this.#queries = queries;
    this.#client = encodeId(clientId);
    this.#asked = asked;
    this.#words = Array.from({ length: Math.ceil(asked.length / BITS) }, (_word, index) =>
      asked.slice(index * BITS, (index + 1) * BITS),
    );
    this.#cells = this.#words.map((word) => {
      const bits = word.map(({ id }, bit) => `when ${encodeId(id)} then ${2 ** bit}`);
      return `sum(case target_id ${bits.join(' ')} else 0 end)`;
    });
  }

  /** What each driver has, of those after the ones read before and up to this one; to be asked in the order of the ids. */
  async through(last: Id): Promise<(driver: Id) => string> {
    const none = this.#words.map(() => '0').join(' ');
    if (this.#asked.length === 0) return () => none;
    const page = await packed(
      this.#queries,
      ["'G' || owner_id", this.#cells.join(` || ' ' || `)],
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

  codes(mask: string): readonly string[] {
    const words = mask.split(' ');
    return this.#words.flatMap((word, index) => {
      const bits = Number(words[index]);
      return word.flatMap(({ code }, bit) => (Math.floor(bits / 2 ** bit) % 2 === 1 ? [code] : []));
    });
  }
}
