import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ImportRow, ImportRun, ImportStart, RowOutcome } from '../../../src/contract/bulk.ts';
import { csvKinds } from '../../../src/contract/bulk.ts';
import { importerOf } from '../../../src/csv/remote-importer.ts';
import { checkInput } from '../../../src/records/check.ts';
import { definitionOf } from '../../../src/records/registry.ts';
import type { Instant } from '../../../src/values/instant.ts';
import type { CheckedApi } from '../checked-api.ts';
import { failure } from '../checked-api.ts';
import { Samples } from '../samples.ts';
import { NOON, type Tenant, type World } from '../world.ts';

type Cells = Readonly<Record<string, unknown>>;
type Options = Partial<Omit<ImportStart, 'kind' | 'fields'>> & {
  readonly batch?: number;
  readonly rejected?: number;
};

/** Imports rows given by field name, in the order given, from line 2 on. */
async function load(
  api: CheckedApi,
  kind: ImportStart['kind'],
  cells: readonly Cells[],
  options: Options = {},
) {
  const { batch = 100, rejected = 0, ...start } = options;
  const fields = [...new Set(cells.flatMap((row) => Object.keys(row)))];
  const importer = await bulkOf(api).import({
    mode: 'atomic',
    onConflict: 'error',
    dryRun: false,
    file: 'rows.csv',
    sha256: null,
    ...start,
    kind,
    fields,
  });
  const rows = cells.map((row, index): ImportRow => {
    const values = checked(kind, row);
    return { line: index + 2, values: fields.map((name) => values[name]) };
  });
  const byLine = new Map<number, RowOutcome>();
  const take = (outcomes: readonly RowOutcome[]) => {
    for (const outcome of outcomes) byLine.set(outcome.line, outcome);
  };
  for (let from = 0, number = 1; from < rows.length; from += batch, number += 1)
    take(await importer.rows(number, rows.slice(from, from + batch)));
  const { outcomes, run } = await importer.finish(rejected);
  take(outcomes);
  return { rows: [...byLine.values()].sort((a, b) => a.line - b.line), run, importer };
}

/** Values in their stored form, as whoever reads a file hands them over. */
function checked(kind: ImportStart['kind'], { id, internalKey, ...row }: Cells): Cells {
  const { values } = checkInput(definitionOf(csvKinds[kind]), row, 'update', {
    phone: (value) => ({ ok: true, value }),
    country: (value) => ({ ok: true, value }),
    iban: (value) => ({ ok: true, value }),
    bic: (value) => ({ ok: true, value }),
  });
  return { ...values, id, internalKey };
}

/** As the command imports: where the data is at hand, else by operations. */
function bulkOf(api: CheckedApi) {
  const open = importerOf(api, { nowSeconds: NOON / 1000 });
  return { import: async (start: ImportStart) => (await open(start)).importer };
}

const outcomes = ({ rows }: { readonly rows: readonly RowOutcome[] }) => rows.map(({ outcome }) => outcome);
const problems = ({ rows }: { readonly rows: readonly RowOutcome[] }) =>
  rows.flatMap((row) => (row.problems ?? []).map(({ code, field }) => [row.line, code, field]));
const counts = ({ total, created, updated, unchanged, failed }: ImportRun) => [
  total,
  created,
  updated,
  unchanged,
  failed,
];

/** Many rows at once (spec section 7). */
export function imports(world: () => World): void {
  describe('imports', () => {
    let tenant: Tenant;
    let api: CheckedApi;
    beforeAll(async () => {
      tenant = await world().tenant();
      ({ api } = tenant);
      await api.call('clientCapability.create', { code: 'WAV' });
      await api.call('account.create', { ref: 'ACME', name: 'Acme Ltd' });
      await api.call('account.create', { ref: 'OTHER' });
      await api.call('accountDepartment.create', { account: 'ACME', departmentName: 'Sales' });
      await api.call('accountDepartment.create', { account: 'OTHER', departmentName: 'North' });
    });

    /** A client of its own, with what rows refer to. */
    const fresh = async () => {
      const own = await world().tenant();
      for (const ref of ['ACME', 'OTHER']) await own.api.call('account.create', { ref });
      return own;
    };

    test.each(Object.entries(csvKinds))(
      'a row of %s makes the record that the operation makes, and finds it again',
      async (kind, type) => {
        const [one, other] = [await fresh(), await fresh()];
        const given = await new Samples(one.api).input(type);
        const same = await new Samples(other.api).input(type);
        const prefix = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
        const made = await one.api.any(`${prefix}.create`, { ...given, internalKey: 'k-1' });
        const loaded = await load(other.api, kind as 'customers', [{ ...same, internalKey: 'k-1' }]);
        expect(problems(loaded)).toEqual([]);
        expect(outcomes(loaded)).toEqual(['created']);
        const found = await other.api.any(`${prefix}.get`, { ref: loaded.rows[0]?.id });
        expect(likeness(found)).toEqual(likeness(made, ['changed', 'changes', 'warnings', 'created']));
        const events = async (of: CheckedApi, id: unknown) =>
          (await of.any('log.list', { ref: id })).items.map((event: object) => likeness(event));
        const [expected] = await events(one.api, made.id);
        const reason = `import ${loaded.run.run} of rows.csv`;
        expect((await events(other.api, found.id))[0]).toEqual({ ...expected, reason });
        const again = await load(other.api, kind as 'customers', [{ ...same, internalKey: 'k-1' }]);
        expect(outcomes(again)).toEqual(['unchanged']);
        expect(counts(again.run)).toEqual([1, 0, 0, 1, 0]);
      },
    );

    test('rows in batches of any size do what single operations do', async () => {
      const cells = fc.record({
        phone: fc.integer({ min: 0, max: 30 }).map((n) => `+3538503${String(n).padStart(5, '0')}`),
        firstName: fc.option(fc.constantFrom('Ann', 'Zoë', 'Åse'), { nil: undefined }),
        email: fc.option(fc.constantFrom('a@example.org', 'b@example.org'), { nil: undefined }),
        tags: fc.option(fc.constantFrom([], ['VIP'], ['VIP', 'Straße']), { nil: undefined }),
        accounts: fc.option(fc.constantFrom([], ['ACME'], ['OTHER', 'ACME']), { nil: undefined }),
        defaultAccount: fc.option(fc.constantFrom('ACME', null), { nil: undefined }),
        addresses: fc.option(fc.constantFrom([], [{ label: 'Home', city: 'Cork' }]), { nil: undefined }),
        priorityTier: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      });
      const files = fc.array(fc.uniqueArray(cells, { selector: ({ phone }) => phone, maxLength: 25 }), {
        minLength: 1,
        maxLength: 3,
      });
      const property = fc.asyncProperty(files, fc.integer({ min: 1, max: 12 }), async (list, batch) => {
        const [one, other] = [(await fresh()).api, (await fresh()).api];
        for (const rows of list) {
          const loaded = await load(one, 'customers', rows, { onConflict: 'update', batch });
          expect(problems(loaded)).toEqual([]);
          for (const row of rows) {
            const made = await other.any('customer.create', row);
            if (made.matched === true) await other.any('customer.update', { ref: made.id, ...row });
          }
        }
        expect(await everything(one)).toEqual(await everything(other));
      });
      await fc.assert(property, { numRuns: 12 });
    });

    test('a key that a create made under an import is replayed by the operation', async () => {
      const cells = { callsign: 'KEY1', firstName: 'Ann', internalKey: 'replay' };
      const { rows } = await load(api, 'drivers', [cells]);
      expect(await api.call('driver.create', { ...cells })).toMatchObject({
        id: rows[0]?.id,
        replayed: true,
      });
    });

    test('policies: a row that differs is refused, passed over, or put into force', async () => {
      await api.call('driver.create', { callsign: 'POL1', firstName: 'Ann' });
      const cells = [{ callsign: 'pol1', firstName: 'Bea' }];
      const refused = await load(api, 'drivers', cells);
      expect(problems(refused)).toEqual([[2, 'CONFLICT', 'firstName']]);
      expect(refused.rows[0]?.problems?.[0]?.message).toMatch(/differs in firstName$/);
      expect(refused.rows[0]?.problems?.[0]?.hint).toContain('--on-conflict update');
      expect(refused.run).toMatchObject({ state: 'REJECTED', created: 0 });
      expect(outcomes(await load(api, 'drivers', cells, { onConflict: 'skip' }))).toEqual(['skipped']);
      const updated = await load(api, 'drivers', cells, { onConflict: 'update' });
      // The callsign is what the driver was found by: that it is written differently changes nothing.
      expect(updated.rows[0]).toMatchObject({
        outcome: 'updated',
        changes: [{ field: 'firstName', before: 'Ann', after: 'Bea' }],
      });
      expect(await api.call('driver.get', { ref: 'POL1' })).toMatchObject({ firstName: 'Bea' });
    });

    test('what a row does not give stays; null clears', async () => {
      await api.call('driver.create', { callsign: 'KEEP', firstName: 'Ann', lastName: 'Byrne' });
      const { rows } = await load(
        api,
        'drivers',
        [{ callsign: 'KEEP', firstName: undefined, lastName: null, status: 'SUSPENDED' }],
        { onConflict: 'update' },
      );
      expect(rows[0]?.changes?.map(({ field }) => field)).toEqual(['lastName', 'status']);
      expect(await api.call('driver.get', { ref: 'KEEP' })).toMatchObject({
        firstName: 'Ann',
        lastName: null,
      });
    });

    test('atomic: one bad row and nothing is written, and all are judged', async () => {
      const rejected = await load(
        api,
        'drivers',
        [{ callsign: 'AT1' }, { callsign: 'AT2', clientCapabilities: ['NOPE'] }, { firstName: 'Nobody' }],
        { batch: 1 },
      );
      expect(problems(rejected)).toEqual([
        [3, 'NOT_FOUND', 'clientCapabilities'],
        [4, 'INVALID', 'callsign'],
      ]);
      expect(counts(rejected.run)).toEqual([3, 0, 0, 0, 2]);
      expect((await failure(api.call('driver.get', { ref: 'AT1' }))).code).toBe('NOT_FOUND');
      const run = await api.call('import.get', { ref: rejected.run.run as string });
      expect(run).toEqual(rejected.run);
    });

    test('atomic: rows that were refused before they were given reject the file too', async () => {
      const { run } = await load(api, 'drivers', [{ callsign: 'AT9' }], { rejected: 2 });
      expect(run).toMatchObject({ state: 'REJECTED', total: 3, failed: 2, created: 0 });
      expect((await failure(api.call('driver.get', { ref: 'AT9' }))).code).toBe('NOT_FOUND');
    });

    test('partial: the good rows are written', async () => {
      const { run, rows } = await load(
        api,
        'drivers',
        [{ callsign: 'PA1' }, { callsign: 'PA2', clientCapabilities: ['NOPE'] }, { callsign: 'PA3' }],
        { mode: 'partial', batch: 2 },
      );
      expect(outcomes({ rows })).toEqual(['created', 'failed', 'created']);
      expect(run).toMatchObject({ state: 'DONE', total: 3, created: 2, failed: 1 });
      expect(await api.call('driver.get', { ref: 'PA3' })).toMatchObject({ id: rows[2]?.id });
    });

    test('abandoned: nothing of an atomic run is there', async () => {
      const importer = await bulkOf(api).import({
        kind: 'drivers',
        mode: 'atomic',
        onConflict: 'error',
        fields: ['callsign'],
        dryRun: false,
        file: 'rows.csv',
        sha256: null,
      });
      await importer.rows(1, [{ line: 2, values: ['GONE'] }]);
      await importer.abandon();
      expect((await failure(api.call('driver.get', { ref: 'GONE' }))).code).toBe('NOT_FOUND');
    });

    test('a dry run says what would be, and changes nothing', async () => {
      await api.call('driver.create', { callsign: 'DRY1', firstName: 'Ann' });
      const before = (await api.call('log.list', { limit: 1 })).items;
      const { rows, run } = await load(
        api,
        'drivers',
        [
          { callsign: 'DRY1', firstName: 'Bea' },
          { callsign: 'DRY2', firstName: 'Cat' },
          { callsign: 'dry2', firstName: 'Dot' },
        ],
        // A plan by requests sees those of one request together; of others whoever reads the file sees them.
        { dryRun: true, onConflict: 'update', batch: api.bulk === undefined ? 10 : 1 },
      );
      expect(rows[0]).toMatchObject({ outcome: 'updated', changes: [{ field: 'firstName', after: 'Bea' }] });
      expect(problems({ rows })).toEqual([
        [3, 'CONFLICT', 'callsign'],
        [4, 'CONFLICT', 'callsign'],
      ]);
      expect(run).toMatchObject({ run: null, total: 3, created: 0, updated: 1, failed: 2 });
      expect((await api.call('log.list', { limit: 1 })).items).toEqual(before);
      expect(await api.call('driver.get', { ref: 'DRY1' })).toMatchObject({ firstName: 'Ann' });
    });

    test('a dry run of what gives out ids of its own gives none away', async () => {
      const { api } = await world().tenant();
      const [before] = (await api.call('log.list', { limit: 1 })).items;
      const cells = [
        {
          ref: 'SR-1',
          name: 'School',
          times: [
            { time: '08:15', weekdays: ['MON'] },
            { time: '15:30', weekdays: ['MON'] },
          ],
        },
      ];
      const planned = await load(api, 'recurring', cells, { dryRun: true });
      expect(planned.rows).toMatchObject([{ outcome: 'created', id: null }]);
      const done = await load(api, 'recurring', cells);
      const { times } = await api.call('recurringTrip.get', { ref: done.rows[0]?.id as string });
      expect(new Set(times.map(({ id }) => id)).size).toBe(2);
      expect((await api.call('log.list', { limit: 2 })).items[1]).toEqual(before);
    });

    describe('which record a row is about', () => {
      test('by id, before all else', async () => {
        const { id } = await api.call('driver.create', { callsign: 'ID1' });
        const cells = [
          { id, callsign: 'ID1B' },
          { id: 'G77', callsign: 'ID2' },
          { id: 'x', callsign: 'ID3' },
        ];
        const { rows } = await load(api, 'drivers', cells, { onConflict: 'update', mode: 'partial' });
        expect(outcomes({ rows })).toEqual(['updated', 'failed', 'failed']);
        expect(problems({ rows })).toEqual([
          [3, 'NOT_FOUND', 'id'],
          [4, 'NOT_FOUND', 'id'],
        ]);
        expect(await api.call('driver.get', { ref: 'ID1B' })).toMatchObject({ id });
      });

      test('by internal key, which a matched record takes on', async () => {
        const { id } = await api.call('driver.create', { callsign: 'IK1', internalKey: 'ik-1' });
        const moved = await load(api, 'drivers', [{ internalKey: 'ik-1', callsign: 'IK1B' }], {
          key: ['internalKey'],
          onConflict: 'update',
        });
        expect(moved.rows[0]).toMatchObject({ outcome: 'updated', id });
        await api.call('driver.create', { callsign: 'IK2' });
        const taken = await load(api, 'drivers', [{ internalKey: 'ik-2', callsign: 'IK2' }], {
          onConflict: 'update',
        });
        expect(taken.rows[0]?.changes).toEqual([{ field: 'internalKey', before: null, after: 'ik-2' }]);
        const other = await load(api, 'drivers', [{ internalKey: 'ik-3', callsign: 'IK2' }], {
          onConflict: 'update',
        });
        expect(problems(other)).toEqual([[2, 'CONFLICT', 'internalKey']]);
        const held = await load(api, 'drivers', [{ internalKey: 'ik-1', callsign: 'IK9' }]);
        expect(problems(held)).toEqual([[2, 'CONFLICT', 'internalKey']]);
      });

      test('a customer without a phone by the e-mail address; one with neither is refused', async () => {
        const { id } = await api.call('customer.create', {
          phone: '+353850200001',
          email: 'fall@example.org',
        });
        const { rows } = await load(
          api,
          'customers',
          [
            { phone: undefined, email: 'fall@example.org', firstName: 'Ann' },
            { phone: undefined, email: undefined, firstName: 'Bea' },
          ],
          { mode: 'partial', onConflict: 'update' },
        );
        expect(rows[0]).toMatchObject({ outcome: 'updated', id });
        expect(rows[1]?.problems?.[0]).toMatchObject({ field: 'phone' });
        expect(rows[1]?.problems?.[0]?.hint).toContain('--key');
      });

      test('several that fit are named', async () => {
        const input = { email: 'two@example.org' };
        const { id } = await api.call('customer.create', { ...input, phone: '+353850200002' });
        await api.call('customer.create', { ...input, phone: '+353850200003' });
        const { rows } = await load(api, 'customers', [{ ...input, firstName: 'Ann' }], { key: ['email'] });
        expect(problems({ rows })).toEqual([[2, 'CONFLICT', 'email']]);
        expect(rows[0]?.problems?.[0]?.message).toContain(id);
      });

      test('customers who share a phone are told apart by name', async () => {
        const phone = '+353850200004';
        const cells = ['Ann', 'Bea'].map((firstName) => ({ phone, firstName, sharedPhone: true }));
        expect(outcomes(await load(api, 'customers', cells))).toEqual(['created', 'created']);
        expect(outcomes(await load(api, 'customers', cells))).toEqual(['unchanged', 'unchanged']);
      });

      test('nobody of another client', async () => {
        const other = await world().tenant();
        const { id } = await other.api.call('driver.create', { callsign: 'THEIRS', internalKey: 'theirs' });
        const byId = await load(api, 'drivers', [{ id, callsign: 'MINE' }]);
        expect(problems(byId)).toEqual([[2, 'NOT_FOUND', 'id']]);
        const own = await load(api, 'drivers', [{ callsign: 'THEIRS', internalKey: 'theirs' }]);
        expect(outcomes(own)).toEqual(['created']);
        await other.api.call('specialCategoryPassenger.create', { ref: 'THEIR-SCP' });
        const refers = await load(api, 'approvals', [{ driver: 'THEIRS', scp: 'THEIR-SCP' }]);
        expect(problems(refers)).toEqual([[2, 'NOT_FOUND', 'scp']]);
        const byKey = await load(api, 'approvals', [{ driver: id, scp: 'THEIR-SCP' }]);
        expect(problems(byKey)).toEqual([
          [2, 'NOT_FOUND', 'driver'],
          [2, 'NOT_FOUND', 'scp'],
        ]);
      });
    });

    describe('two rows about one record reject each other', () => {
      test.each([1, 2, 10])('in batches of %i, naming both lines', async (batch) => {
        const own = (await world().tenant()).api;
        const cells = ['A', 'B', 'a', 'C'].map((callsign) => ({ callsign }));
        const { rows, run } = await load(own, 'drivers', cells, { batch });
        // Of a run that is given in requests, good rows are told only where they were written.
        const bad = rows.filter((row) => row.outcome === 'failed');
        expect(bad.map((row) => [row.line, row.problems?.[0]?.['lines']])).toEqual([
          [2, [2, 4]],
          [4, [2, 4]],
        ]);
        expect(outcomes({ rows: rows.filter((row) => !bad.includes(row)) })).toEqual(
          own.bulk === undefined ? [] : ['created', 'created'],
        );
        expect(run).toMatchObject({ state: 'REJECTED', total: 4, failed: 2 });
      });

      test('also where they name it differently', async () => {
        const own = (await world().tenant()).api;
        await own.call('driver.create', { callsign: 'D7', firstName: 'Ann', lastName: 'Byrne' });
        await own.call('specialCategoryPassenger.create', { ref: 'S1' });
        const cells = [
          { driver: 'D7', scp: 'S1' },
          { driver: 'Ann Byrne', scp: 's1' },
        ];
        const { rows } = await load(own, 'approvals', cells, { batch: 1 });
        expect(rows.map((row) => row.problems?.[0]?.['lines'])).toEqual([
          [2, 3],
          [2, 3],
        ]);
      });

      test('of a partial run the first has been written', async () => {
        const own = (await world().tenant()).api;
        const cells = [{ callsign: 'A' }, { callsign: 'A' }];
        // A request of a partial run knows nothing of those before it: there the reader of the file sees to it.
        const [batch, first] = own.bulk === undefined ? [10, 'failed'] : [1, 'created'];
        const { rows } = await load(own, 'drivers', cells, { batch, mode: 'partial' });
        expect(outcomes({ rows })).toEqual([first, 'failed']);
      });
    });
  });
}

/** Taking an import back (spec section 7). */
export function importUndo(world: () => World): void {
  describe('undo of an import', () => {
    const undo = (api: CheckedApi, run: ImportRun, options = {}) =>
      api.call('import.undo', { ref: run.run as string }, options);

    test('what was created goes, what was changed is as it was, and nothing more the second time', async () => {
      const { api } = await world().tenant();
      for (const code of ['WAV', 'SEAT']) await api.call('clientCapability.create', { code });
      const before = await api.call('driver.create', {
        callsign: 'D1',
        firstName: 'Ann',
        clientCapabilities: ['WAV'],
        internalKey: 'k1',
      });
      const cells = [
        { callsign: 'D1', firstName: 'Bea', lastName: 'Byrne', clientCapabilities: ['SEAT', 'WAV'] },
        { callsign: 'D2', firstName: 'Cat', internalKey: 'k2' },
      ];
      const { run } = await load(api, 'drivers', cells, { onConflict: 'update', mode: 'partial', batch: 1 });
      const planned = await undo(api, run, { dryRun: true });
      expect(planned).toMatchObject({ undone: 2, kept: [], keptCount: 0, dryRun: true });
      expect(await undo(api, run)).toEqual({ run: run.run, undone: 2, kept: [], keptCount: 0 });
      const former = without(before as Cells, [...changeDates, 'changed', 'changes', 'warnings', 'created']);
      expect(await api.call('driver.get', { ref: 'D1' })).toMatchObject(former);
      expect((await failure(api.call('driver.get', { ref: 'D2' }))).code).toBe('NOT_FOUND');
      expect((await failure(api.call('driver.get', { ref: 'key:k2' }))).code).toBe('NOT_FOUND');
      const [event] = (await api.call('log.list', { limit: 1 })).items;
      expect(event).toMatchObject({ operation: 'import.undo', actor: 'ann' });
      expect(event?.reason).toContain(run.run);
      expect(await undo(api, run)).toMatchObject({ undone: 0, already: true });
      expect((await api.call('log.list', { limit: 1 })).items).toEqual([event]);
      expect(await api.call('import.get', { ref: run.run as string })).toMatchObject({ state: 'UNDONE' });
    });

    test('what others have touched since is kept, with who did what', async () => {
      const tenant = await world().tenant();
      const { api } = tenant;
      await api.call('driver.create', { callsign: 'D1' });
      const cells = ['D1', 'D2', 'D3'].map((callsign) => ({ callsign, firstName: 'Ann' }));
      const { run } = await load(api, 'drivers', cells, { onConflict: 'update' });
      const bob = await tenant.open({ actor: 'bob' });
      await bob.call('driver.update', { ref: 'D1', lastName: 'Byrne' });
      await bob.call('driver.delete', { ref: 'D3' });
      const undone = await undo(api, run);
      expect(undone).toMatchObject({ undone: 1, keptCount: 2 });
      const reasons = undone.kept.map(({ name, reason }) => `${name}: ${reason}`).sort();
      expect(reasons[0]).toMatch(/D1.*bob did driver\.update/);
      expect(reasons[1]).toMatch(/D3.*bob did driver\.delete/);
      expect(await api.call('driver.get', { ref: 'D1' })).toMatchObject({
        firstName: 'Ann',
        lastName: 'Byrne',
      });
      expect(await undo(api, run)).toMatchObject({ undone: 0, keptCount: 2 });
      expect(await api.call('import.get', { ref: run.run as string })).toMatchObject({
        state: 'PARTLY_UNDONE',
      });
    });

    test('what others did and took back counts for nothing', async () => {
      const tenant = await world().tenant();
      const { api } = tenant;
      for (const callsign of ['D1', 'D2']) await api.call('driver.create', { callsign, firstName: 'Old' });
      const rows = (firstName: string, ...callsigns: string[]) =>
        callsigns.map((callsign) => ({ callsign, firstName }));
      const load1 = await load(api, 'drivers', rows('One', 'D1', 'D2', 'D3'), { onConflict: 'update' });
      const load2 = await load(api, 'drivers', rows('Two', 'D1', 'D2'), { onConflict: 'update' });
      const bob = await tenant.open({ actor: 'bob' });
      await bob.call('driver.update', { ref: 'D3', firstName: 'Eve' });
      await bob.call('driver.update', { ref: 'D3', firstName: 'One' });
      const early = await undo(api, load1.run, { dryRun: true });
      expect(early).toMatchObject({ undone: 1, keptCount: 2 });
      expect(early.kept[0]?.reason).toMatch(new RegExp(`^import ${load2.run.run} of .* changed it`));
      expect(await undo(api, load2.run)).toMatchObject({ undone: 2, keptCount: 0 });
      expect(await undo(api, load1.run)).toMatchObject({ undone: 3, keptCount: 0 });
      const { items } = await api.call('driver.list', {});
      expect(items.map(({ callsign, firstName }) => [callsign, firstName])).toEqual([
        ['D1', 'Old'],
        ['D2', 'Old'],
      ]);
    });

    test('a new record that others refer to now is kept', async () => {
      const { api } = await world().tenant();
      const { run } = await load(api, 'customers', [
        { firstName: 'Ann', phone: '+353850300001' },
        { firstName: 'Bea', phone: '+353850300002' },
      ]);
      await api.call('specialCategoryPassenger.create', { ref: 'S1', guardians: ['+353850300001'] });
      const undone = await undo(api, run);
      expect(undone).toMatchObject({ undone: 1, keptCount: 1 });
      expect(undone.kept[0]).toMatchObject({ name: 'Ann', reason: expect.stringContaining('S1') });
    });

    test('former values that another record has taken since are kept from it', async () => {
      const { api } = await world().tenant();
      const { id } = await api.call('driver.create', { callsign: 'D1' });
      const { run } = await load(api, 'drivers', [{ id, callsign: 'D9' }], { onConflict: 'update' });
      await api.call('driver.create', { callsign: 'D1' });
      expect(await undo(api, run)).toMatchObject({ undone: 0, keptCount: 1 });
    });

    test('links that an import of departments made on employees go with it', async () => {
      const { api } = await world().tenant();
      await api.call('account.create', { ref: 'ACME' });
      await api.call('customer.create', { phone: '+353850300003' });
      const employee = await api.call('accountEmployee.create', {
        customer: '+353850300003',
        account: 'ACME',
      });
      const { run, rows } = await load(api, 'departments', [
        { account: 'ACME', departmentName: 'Sales', accountEmployees: [employee.id] },
        { account: 'ACME', departmentName: 'North', accountEmployees: [employee.id] },
      ]);
      expect(problems({ rows })).toEqual([]);
      const linked = () => api.call('accountEmployee.get', { ref: employee.id });
      expect((await linked()).accountDepartments).toHaveLength(2);
      expect(await undo(api, run)).toMatchObject({ keptCount: 0 });
      expect((await linked()).accountDepartments).toEqual([]);
    });

    test('the last approval of a passenger is kept unless a reason is given', async () => {
      const tenant = await world().tenant();
      const { api } = tenant;
      for (const callsign of ['D1', 'D2']) await api.call('driver.create', { callsign });
      await api.call('specialCategoryPassenger.create', { ref: 'S1' });
      const cells = ['D1', 'D2'].map((driver) => ({ driver, scp: 'S1', mode: 'HARD' }));
      const { run } = await load(api, 'approvals', cells);
      const undone = await undo(api, run);
      expect(undone).toMatchObject({ undone: 1, keptCount: 1 });
      expect(undone.kept[0]?.reason).toContain('--reason');
      const boss = await tenant.open({ reason: 'the sheet was wrong' });
      expect(await undo(boss, run)).toMatchObject({ undone: 1, keptCount: 0 });
    });

    test('weakening the last approval by a row wants a reason, row by row', async () => {
      const tenant = await world().tenant();
      const { api } = tenant;
      for (const callsign of ['D1', 'D2']) await api.call('driver.create', { callsign });
      await api.call('specialCategoryPassenger.create', { ref: 'S1' });
      const rows = (mode: string) => ['D1', 'D2'].map((driver) => ({ driver, scp: 'S1', mode }));
      await load(api, 'approvals', rows('HARD'));
      const weaker = await load(api, 'approvals', rows('SOFT'), { onConflict: 'update', mode: 'partial' });
      expect(outcomes(weaker)).toEqual(['updated', 'failed']);
      const boss = await tenant.open({ reason: 'the sheet says so' });
      const options = { onConflict: 'update', mode: 'partial' } as const;
      const unconfirmed = await load(boss, 'approvals', rows('SOFT'), {
        ...options,
        keepLastApprovals: true,
      });
      expect(outcomes(unconfirmed)).toEqual(['unchanged', 'failed']);
      expect(unconfirmed.rows[1]?.problems?.[0]).toMatchObject({
        hint: expect.stringMatching(/--reason.*--yes/),
      });
      expect(outcomes(await load(boss, 'approvals', rows('SOFT'), options))).toEqual([
        'unchanged',
        'updated',
      ]);
    });
  });
}

/** The same over operations, as it is done from elsewhere; and what becomes of a run that was interrupted. */
export function importOperations(world: () => World): void {
  describe('imports by operations', () => {
    let api: CheckedApi;
    beforeAll(async () => {
      ({ api } = await world().tenant());
    });
    const start = async (mode: 'atomic' | 'partial', fields = ['callsign', 'firstName']) =>
      (await api.call('import.start', { kind: 'drivers', mode, fields, file: 'rows.csv' })).run as string;
    const named = (...callsigns: string[]) =>
      callsigns.map((callsign, index) => ({ line: index + 2, values: { callsign } }));

    test('partial: a batch is applied at once, and once', async () => {
      const ref = await start('partial');
      const first = await api.call('import.rows', { ref, number: 1, rows: named('HA1', 'HA2') });
      expect(outcomes({ rows: first.outcomes })).toEqual(['created', 'created']);
      expect(await api.call('import.rows', { ref, number: 1, rows: named('HA1', 'HA2') })).toEqual(first);
      expect(await api.call('import.outcomes', { ref, number: 1 })).toEqual(first);
      expect((await failure(api.call('import.rows', { ref, number: 3, rows: [] }))).code).toBe('CONFLICT');
      const run = await api.call('import.finish', { ref, rejected: 1 });
      expect(run).toMatchObject({ state: 'DONE', total: 3, created: 2, failed: 1 });
      expect(await api.call('import.finish', { ref, rejected: 1 })).toEqual(run);
      expect((await api.call('import.list', {})).items[0]).toEqual(run);
      expect((await failure(api.call('import.rows', { ref, number: 2, rows: [] }))).code).toBe('CONFLICT');
      expect(await api.call('import.undo', { ref })).toMatchObject({ undone: 2, keptCount: 0 });
    });

    test('atomic: nothing is there before the end, and all of it then', async () => {
      const ref = await start('atomic');
      expect(await api.call('import.rows', { ref, number: 1, rows: named('HB1') })).toEqual({ outcomes: [] });
      expect((await failure(api.call('driver.get', { ref: 'HB1' }))).code).toBe('NOT_FOUND');
      await api.call('import.rows', { ref, number: 2, rows: [{ line: 3, values: { callsign: 'HB2' } }] });
      const run = await api.call('import.finish', { ref });
      expect(run).toMatchObject({ state: 'DONE', created: 2 });
      const { id } = await api.call('driver.get', { ref: 'HB2' });
      const again = await api.call('import.outcomes', { ref, number: 2 });
      expect(again.outcomes).toEqual([{ line: 3, outcome: 'created', id }]);
    });

    test('atomic: what was sent and never finished is given up after a day', async () => {
      const tenant = await world().tenant();
      const begin = { kind: 'drivers', mode: 'atomic', fields: ['callsign'], file: 'rows.csv' } as const;
      const { run } = await tenant.api.call('import.start', begin);
      const rows = { ref: run as string, number: 1, rows: named('HZ1') };
      await tenant.api.call('import.rows', rows);
      const soon = await tenant.open({ now: (NOON + 80_000) as Instant });
      await soon.call('import.start', begin);
      expect(await soon.call('import.get', { ref: run as string })).toMatchObject({ state: 'INTERRUPTED' });
      const late = await tenant.open({ now: (NOON + 90_000) as Instant });
      await late.call('import.start', begin);
      expect(await late.call('import.get', { ref: run as string })).toMatchObject({ state: 'ABANDONED' });
      expect((await failure(late.call('import.finish', { ref: run as string }))).code).toBe('CONFLICT');
      expect((await failure(late.call('import.rows', rows))).code).toBe('CONFLICT');
    });

    test('atomic: a bad row leaves nothing', async () => {
      const ref = await start('atomic');
      await api.call('import.rows', { ref, number: 1, rows: named('HC1') });
      await api.call('import.rows', { ref, number: 2, rows: [{ line: 9, values: { callsign: 'hc1' } }] });
      expect(await api.call('import.finish', { ref })).toMatchObject({
        state: 'REJECTED',
        failed: 2,
        created: 0,
      });
      expect((await failure(api.call('driver.get', { ref: 'HC1' }))).code).toBe('NOT_FOUND');
      expect(problems({ rows: (await api.call('import.outcomes', { ref, number: 2 })).outcomes })).toEqual([
        [9, 'CONFLICT', 'callsign'],
      ]);
    });

    test('what a row says is judged like the input of any operation', async () => {
      const ref = await start('partial', ['callsign', 'phone', 'status']);
      const values = { callsign: 'HD1', phone: '085 012 3456', status: 'active' };
      const bad = { callsign: 'G12', phone: 'x', status: 'NAPPING', firstName: 'Ann', colour: 'red' };
      const rows = [values, bad].map((one, index) => ({ line: index + 2, values: one }));
      const { outcomes: found } = await api.call('import.rows', { ref, number: 1, rows });
      expect(problems({ rows: found }).map(([, , field]) => field)).toEqual([
        'colour',
        'callsign',
        'phone',
        'status',
        'firstName',
      ]);
      expect(await api.call('driver.get', { ref: 'HD1' })).toMatchObject({ phone: '+353850123456' });
      const plan = await api.call('import.plan', {
        kind: 'drivers',
        fields: ['callsign'],
        rows: named('HD9'),
      });
      expect(plan.outcomes).toMatchObject([{ line: 2, outcome: 'created', id: null }]);
      expect(plan.outcomes[0]?.changes).toContainEqual({ field: 'callsign', before: null, after: 'HD9' });
      expect((await failure(api.call('driver.get', { ref: 'HD9' }))).code).toBe('NOT_FOUND');
    });

    test('an interrupted partial run is gone on with; no batch is applied twice', async () => {
      const given = {
        kind: 'drivers',
        mode: 'partial',
        onConflict: 'error',
        fields: ['callsign'],
        dryRun: false,
        file: 'rows.csv',
        sha256: 'a'.repeat(64),
      } as const;
      const first = await bulkOf(api).import(given);
      const answered = await first.rows(1, [{ line: 2, values: ['HE1'] }]);
      const resume = first.run as NonNullable<typeof first.run>;
      expect(await api.call('import.get', { ref: resume })).toMatchObject({
        state: 'INTERRUPTED',
        created: 1,
      });
      const other = bulkOf(api).import({ ...given, resume, sha256: 'b'.repeat(64) });
      expect((await failure(other)).code).toBe('CONFLICT');
      const second = await bulkOf(api).import({ ...given, resume });
      // By requests all are given again, and what was applied is only asked for.
      expect(second).toMatchObject({ run: resume, nextBatch: api.bulk === undefined ? 1 : 2 });
      expect(await second.rows(1, [{ line: 2, values: ['HE1'] }])).toEqual(answered);
      await second.rows(2, [{ line: 3, values: ['HE2'] }]);
      const { run } = await second.finish(0);
      expect(run).toMatchObject({ state: 'DONE', created: 2, total: 2 });
      expect((await failure(bulkOf(api).import({ ...given, resume }))).code).toBe('CONFLICT');
    });
  });
}

const changeDates = ['updatedDate', 'passiveUpdatedDate', 'listingUpdatedDate'];
const without = (record: Cells, names: readonly string[]): Cells =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

/** All customers and their audit trail, without ids, in an order of their own. */
async function everything(api: CheckedApi): Promise<readonly string[]> {
  const objectType = 'Customer';
  const pages = [
    await api.call('customer.list', { limit: 500 }),
    await api.call('log.list', { limit: 500, objectType }),
  ];
  return pages
    .flatMap(({ items }) => items as readonly object[])
    .map((item) => JSON.stringify({ ...item, reason: null }).replace(/"G\d+"/g, '"G"'))
    .sort();
}

function numbered(seen: Map<string, string>, id: string): string {
  const number = seen.get(id) ?? `#${seen.size}`;
  seen.set(id, number);
  return number;
}

/** An answer without what differs between two databases: ids, clients, moments. */
function likeness(value: unknown, without: readonly string[] = []): unknown {
  const seen = new Map<string, string>();
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null)
      return typeof one === 'string' && /^G\d+$/.test(one) ? numbered(seen, one) : one;
    return Object.fromEntries(
      Object.entries(one)
        .filter(([name]) => !without.includes(name) && name !== 'clientId')
        .map(([name, inner]) => [name, walk(inner)]),
    );
  };
  return walk(value);
}
