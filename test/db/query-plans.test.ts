// How SQLite carries out what people wait for: through an index, and not through all rows of a table or of the client.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Api } from '../../src/contract/api.ts';
import type { ListInput } from '../../src/contract/change.ts';
import { operationPrefix } from '../../src/contract/names.ts';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { type Filter, filtersOf } from '../../src/records/filters.ts';
import { definitionOf, objectTypes } from '../../src/records/registry.ts';
import { session, useFolder } from './files.ts';
import { goneThrough, plansOf, type QueryPlan } from './plans.ts';

const folder = useFolder();
const file = join(folder, 'tph.db');

async function tph(...words: readonly string[]): Promise<void> {
  const host = testHost({ cwd: folder, env: { HOME: folder, TPH_DB: file } });
  const code = await run(['node', 'tph', ...words], host);
  expect(`${words.join(' ')}: ${code} ${host.err()}`).toMatch(/: 0 /);
}

beforeAll(() => tph('demo', '--load'));

/** Why a statement may go through all rows of a client, or of a table. */
const ALLOWED: readonly (readonly [RegExp, why: string])[] = [
  [/ from "?client"? where "?deleted_at"? is (not )?null/, 'a database has few clients'],
  [/ from "?client_capability"? where "?client_id"? = \?$/, 'a client has few capabilities'],
  [/ from "?schedule_exclusion_group"? where /, 'a client has few exclusion groups'],
  [
    / from "?recurring_trip(_time|_exclusion_link)?"? where client_id = \?/,
    'a release decides about all runs; no other command asks so',
  ],
  [
    /^select \(select count\(\*\) from driver where client_id = \?\) as total/,
    'all drivers are counted, by indexes alone',
  ],
  [
    / as mask, .* from driver_client_capability k /,
    'those who have what is required are counted by its index',
  ],
  [/ from "?(api_token|api_token_group|import_run)"? where "?client_id"? = \?/, 'few, or the newest of them'],
];
/** A page in the order of the ids ends when it is full, and what it leaves out is rare. */
const PAGES: readonly RegExp[] = [
  /^select r\.id, r\.updated_date from "\w+" r where r\.client_id = \? and r\.deleted_at is null order by r\.id limit \?$/,
  /and \+r\."\w+" = [01] order by r\.id limit \?$/,
  /and \(r\.expires_at is null or r\.expires_at > \?\) order by r\.id limit \?$/,
  /^select \* from audit_event where client_id = \? order by id desc limit \?$/,
];

/** The plans that go through too much, each with its statement. */
const found = (plans: readonly QueryPlan[]): readonly string[] =>
  plans
    .filter((plan) => goneThrough(plan).length > 0)
    .filter(({ sql }) => ![...ALLOWED.map(([pattern]) => pattern), ...PAGES].some((one) => one.test(sql)))
    .map((plan) => `${plan.sql}\n  ${plan.steps.join('\n  ')}`);

const listed = (api: Api, type: (typeof objectTypes)[number], input: ListInput) =>
  api.call(`${operationPrefix(type)}.list` as 'driver.list', input);

const valueFor = ({ kind, values = [] }: Filter, id: string | undefined): unknown =>
  ({ reference: id, choice: values[0], boolean: true, day: 20_260_112, tag: 'VIP' })[kind];

test('lists, with each filter, each order and any search', { timeout: 60_000 }, async () => {
  const api = await openStore(file).open(session);
  let asked = 0;
  const plans = await plansOf(async () => {
    const ids = new Map<string, string>();
    const ask = async (type: (typeof objectTypes)[number], input: ListInput) => {
      asked += 1;
      return listed(api, type, { limit: 2, ...input });
    };
    for (const type of objectTypes) {
      const { items, nextCursor } = await ask(type, {});
      ids.set(type, items[0]?.id ?? '');
      if (nextCursor !== null) await ask(type, { cursor: nextCursor });
      await ask(type, { deleted: true });
      await ask(type, { search: 'Ann' });
      const changed = await ask(type, { updatedSince: 5 });
      if (changed.nextCursor !== null) await ask(type, { updatedSince: 5, cursor: changed.nextCursor });
      if (!Object.hasOwn(definitionOf(type).fields, 'expiresAt')) continue;
      for (const input of [{ live: true }, { expired: true }, { expiringWithin: 9000 }])
        await ask(type, input);
    }
    for (const type of objectTypes)
      for (const filter of filtersOf(definitionOf(type))) {
        const value = valueFor(filter, ids.get(filter.target ?? ''));
        await ask(type, { [filter.name]: value });
        if (filter.kind === 'boolean') await ask(type, { [filter.name]: false });
      }
  });
  await api.close();
  expect(asked).toBeGreaterThan(100);
  expect(plans.length).toBeGreaterThan(100);
  expect(found(plans)).toEqual([]);
});

const COMMANDS: readonly (readonly string[])[] = [
  ['log'],
  ['log', '--object', 'driver:D07'],
  ['log', '--since', 'today'],
  ['log', '--actor', 'nobody'],
  ['log', '--type', 'driver'],
  ['log', '--operation', 'driver'],
  ['log', '--operation', 'driver.update'],
  ['log', '--action', 'DELETE'],
  ['customer', 'find', '020 910 0001'],
  ['customer', 'show', '020 910 0001'],
  ['eligible', '--trip', 'T-1001', '--driver', 'D11'],
  ['exclusion', 'set', 'Bad Weather', 'RUN_OFF'],
  ['exclusion', 'status', 'Bad Weather', '--day', 'today'],
  ['dept', 'effective', 'DVCH/Outpatients'],
  ['dept', 'can-book', '--customer', '020 910 0017', '--dept', 'DVCH/Outpatients'],
  ['customer', 'create', '--phone', '0851234567', '--first-name', 'Zoë'],
  ['customer', 'update', '0851234567', '--last-name', 'Quinn'],
  ['customer', 'tag', '0851234567', 'VIP'],
  ['driver', 'create', 'Q9', '--first-name', 'Ann', '--last-name', 'Quinn'],
  ['pref', 'add', '--driver', 'Q9', '--customer', '0851234567'],
  ['customer', 'delete', '0851234567', '--yes'],
  ['driver', 'delete', 'Q9', '--yes'],
  ['driver', 'restore', 'Q9'],
  ['release', '--day', 'tomorrow', '--commit'],
  ['import', 'runs'],
  ['token', 'list'],
];

test.each(COMMANDS.map((words) => [words.join(' '), words] as const))('tph %s', async (_name, words) => {
  const plans = await plansOf(() => tph(...words));
  expect(plans.length).toBeGreaterThan(1);
  expect(found(plans)).toEqual([]);
});

test('a statement that goes through a table is seen', async () => {
  const plans = await plansOf(() => tph('db', 'status'));
  expect(found(plans).join('\n')).toMatch(/SCAN customer/);
});
