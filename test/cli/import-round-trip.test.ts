import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Api, OperationName } from '../../src/contract/api.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { TphError } from '../../src/values/error.ts';
import { copiesOf, makeTrickyShop } from './export-world.ts';
import { locationOf } from './support.ts';

const trickyShop = copiesOf(makeTrickyShop);

/** What people, spreadsheets and programs write into fields of text. */
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
  fc
    .tuple(
      fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        "'",
        "''",
        "'=",
        '"',
        ',',
        ';',
        '[',
        'none',
        'Null',
        'N/A',
        'NA',
        'true',
        '0',
        '1e5',
      ),
      fc.constantFrom('', '1+1', 'x', '"', ';y', ',y', 'none', '353861234567', '2026-01-13'),
    )
    .map((parts) => parts.join('')),
);
const lines = fc.array(text, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\n'));
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const driver = fc.record({ callsign: text, firstName: some(text), lastName: some(text) });
const account = fc.record({
  ref: text,
  name: some(text),
  tags: fc.array(text, { maxLength: 3 }),
  streetAddress: some(text),
});
const customer = fc.record({
  firstName: text,
  lastName: some(text),
  tags: fc.array(text, { maxLength: 3 }),
  addresses: fc.array(fc.record({ label: text, city: some(text) }), { maxLength: 2 }),
  notes: some(lines),
  internalKey: some(text),
});

/** Creates what the checks let through; the rest is no record. */
async function create(api: Api, name: OperationName, input: object): Promise<string | undefined> {
  try {
    const made = (await api.call(name, input as never)) as { readonly id: string };
    return made.id;
  } catch (error) {
    if (error instanceof TphError && error.code !== 'INTERNAL') return undefined;
    throw error;
  }
}

it('random records are unchanged when their export is imported', async () => {
  const session = { client: undefined, actor: 't', reason: null, nowMs: 1_768_204_800_000, lockWaitMs: 1000 };
  const { folder, tph } = await trickyShop();
  const api = await openStore(await locationOf(folder)).open(session);
  let phone = 353_851_000_000;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(driver, account, customer), { minLength: 5, maxLength: 8 }),
      async (records) => {
        for (const [one, billed, person] of records) {
          const driverId = await create(api, 'driver.create', one);
          const accountId = await create(api, 'account.create', billed);
          phone += 1;
          const customerId = await create(api, 'customer.create', {
            ...person,
            phone: `+${phone}`,
            ...(accountId === undefined
              ? {}
              : { defaultAccount: { id: accountId }, accounts: [{ id: accountId }] }),
          });
          if (driverId !== undefined && customerId !== undefined)
            await create(api, 'driverCustomer.create', {
              driver: { id: driverId },
              customer: { id: customerId },
              notes: person.notes,
            });
        }
      },
    ),
    { numRuns: 12 },
  );
  await api.close();
  for (const kind of ['drivers', 'accounts', 'favourites', 'customers']) {
    expect((await tph('export', kind, `${kind}.csv`, '--include-protected')).code).toBe(0);
    const read = await tph('import', kind, `${kind}.csv`, '-n', '-o', 'json', '--max-errors', '5');
    const { total, unchanged, problems, planned } = read.json<{
      total: number;
      unchanged: number;
      problems: unknown[];
      planned: readonly { outcome: string }[];
    }>();
    const changed = planned.filter(({ outcome }) => outcome !== 'unchanged');
    expect({ kind, changed, problems }).toEqual({ kind, changed: [], problems: [] });
    expect(total).toBeGreaterThan(20);
    expect(unchanged).toBe(total);
  }
}, 30_000);
