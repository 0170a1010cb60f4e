import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Api, CallOptions, OperationName } from '../../src/contract/api.ts';
import type { Importer, ImportRow, ImportStart, RowOutcome } from '../../src/contract/bulk.ts';
import { importerOf } from '../../src/csv/remote-importer.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { TphError } from '../../src/values/error.ts';
import type { Id } from '../../src/values/id.ts';
import { failure } from '../remote/fixture.ts';
import { makeTrickyShop } from './export-world.ts';

let made: string;
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'tph-import-'));
  await makeTrickyShop(made);
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

async function opened(): Promise<Api> {
  const folder = mkdtempSync(join(tmpdir(), 'tph-import-'));
  for (const name of readdirSync(made)) copyFileSync(join(made, name), join(folder, name));
  const session = {
    client: undefined,
    actor: 'ann',
    reason: null,
    nowMs: 1_768_204_800_000,
    lockWaitMs: 1000,
  };
  const api = await openStore(join(folder, 'tph.db')).open(session);
  onTestFinished(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return api;
}

type AnyCall = (name: string, input: object, options?: CallOptions) => Promise<unknown>;

/** An instance as a program sees it that has not the data at hand: every call goes through `hook`. */
function instance(
  api: Api,
  hook: (name: OperationName, go: () => Promise<unknown>) => Promise<unknown>,
): Api {
  const call = api.call.bind(api) as unknown as AnyCall;
  const hooked: AnyCall = (name, input, options) =>
    hook(name as OperationName, () => call(name, input, options));
  return { client: api.client, call: hooked as unknown as Api['call'], close: async () => {} };
}

const asOperations = (api: Api) => instance(api, (_name, go) => go());
const withoutImports = (api: Api) =>
  instance(api, (name, go) => {
    if (name.startsWith('import.')) throw new TphError('NOT_FOUND', 'there is nothing at `/import`');
    return go();
  });

const start = (more: Partial<ImportStart>): ImportStart => ({
  kind: 'customers',
  mode: 'partial',
  onConflict: 'error',
  fields: ['firstName', 'phone', 'email', 'accounts', 'tags'],
  dryRun: false,
  file: 'customers.csv',
  sha256: null,
  ...more,
});

/** New, unchanged, different, by e-mail, with a reference that is not there, without a key. */
const ROWS: readonly ImportRow[] = [
  ['Eve', '+353850123460', undefined, ['ACME', 'C;D'], ['vip']],
  ['Ann', '+353850123456', 'ann@example.org', undefined, ['x|y']],
  ['Deirdre', '+353850123458', undefined, undefined, undefined],
  ['=1+1', undefined, 'formula@example.org', ['Acme, Ltd'], undefined],
  ['Flo', '+353850123461', undefined, ['ACNE'], undefined],
  ['Nobody', undefined, undefined, undefined, undefined],
  ['Gus', '+353850123462', null, [], []],
].map((values, at) => ({ line: at + 2, values }));

const short = (outcomes: readonly RowOutcome[]) => outcomes.map(({ line, outcome }) => `${line} ${outcome}`);

const open = async (api: Api, more: Partial<ImportStart>, patience = [1, 1, 1]): Promise<Importer> =>
  (await importerOf(api, { nowSeconds: 1_768_204_800, patience })(start(more))).importer;

const people = async (api: Api) =>
  (await api.call('customer.list', {})).items.map(({ firstName, phone, email, tags, accounts }) => ({
    firstName,
    phone,
    email,
    tags,
    accounts: accounts.map((one) => one['ref']),
  }));

describe('the same rows, by the data, by operations and by a call a row', () => {
  for (const onConflict of ['error', 'skip', 'update'] as const)
    it(`come out alike where what differs is to be: ${onConflict}`, async () => {
      const all: unknown[] = [];
      for (const way of [(api: Api) => api, asOperations, withoutImports]) {
        const api = await opened();
        const importer = await open(way(api), { onConflict });
        const outcomes = short(await importer.rows(1, ROWS));
        const { run } = await importer.finish(1);
        const { created, updated, unchanged, failed, total } = run;
        all.push({
          outcomes,
          counts: { created, updated, unchanged, failed, total },
          people: await people(api),
        });
      }
      const [atHand, operations, single] = all;
      expect((atHand as { outcomes: unknown }).outcomes).toEqual([
        '2 created',
        '3 unchanged',
        `4 ${{ error: 'failed', skip: 'skipped', update: 'updated' }[onConflict]}`,
        `5 ${{ error: 'failed', skip: 'skipped', update: 'updated' }[onConflict]}`,
        '6 failed',
        '7 failed',
        '8 created',
      ]);
      expect(operations).toEqual(atHand);
      expect(single).toEqual(atHand);
    });

  it('are planned alike, and nothing is changed', async () => {
    for (const way of [(api: Api) => api, asOperations, withoutImports]) {
      const api = await opened();
      const before = await people(api);
      const importer = await open(way(api), { dryRun: true, onConflict: 'update' });
      expect(importer.run).toBeNull();
      const outcomes = await importer.rows(1, ROWS);
      expect(short(outcomes)).toEqual([
        '2 created',
        '3 unchanged',
        '4 updated',
        '5 updated',
        '6 failed',
        '7 failed',
        '8 created',
      ]);
      expect(outcomes[2]?.changes).toMatchObject([{ field: 'firstName', before: 'Dee', after: 'Deirdre' }]);
      await importer.finish(0);
      expect(await people(api)).toEqual(before);
    }
  });
});

describe('an import by operations', () => {
  it('writes an atomic run at its end, or nothing', async () => {
    const api = await opened();
    const before = await people(api);
    const bad = await open(asOperations(api), { mode: 'atomic' });
    await bad.rows(1, ROWS);
    const { run, outcomes } = await bad.finish(0);
    expect(run.state).toBe('REJECTED');
    expect(short(outcomes).filter((line) => line.endsWith('failed'))).toEqual([
      '4 failed',
      '5 failed',
      '6 failed',
      '7 failed',
    ]);
    expect(await people(api)).toEqual(before);

    const good = await open(asOperations(api), { mode: 'atomic' });
    await good.rows(1, ROWS.slice(0, 2));
    const done = await good.finish(0);
    expect(done.run).toMatchObject({ state: 'DONE', created: 1, unchanged: 1 });
    expect(short(done.outcomes)).toEqual(['2 created', '3 unchanged']);
  });

  it('sends a batch again whose answer was lost, and no row is doubled', async () => {
    const api = await opened();
    let lost = 3;
    const flaky = instance(api, async (name, go) => {
      const answer = await go();
      if (name !== 'import.rows' || lost-- <= 0) return answer;
      throw new TphError('UNAVAILABLE', 'the answer was lost');
    });
    const importer = await open(flaky, {});
    expect(short(await importer.rows(1, ROWS))).toContain('2 created');
    expect((await importer.finish(0)).run).toMatchObject({ created: 2, total: ROWS.length });
    expect((await people(api)).filter(({ firstName }) => firstName === 'Eve')).toHaveLength(1);
  });

  it('goes on with a run where it was left', async () => {
    const api = await opened();
    const many = Array.from({ length: 1000 }, (_, at): ImportRow => {
      const values = [`P${at}`, `+35385${2_000_000 + at}`, undefined, undefined, undefined];
      return { line: at + 2, values };
    });
    let sent = 0;
    const dying = instance(api, async (name, go) => {
      if (name === 'import.rows' && sent++ === 2) throw new TphError('UNAVAILABLE', 'gone');
      return go();
    });
    const first = await open(dying, {}, []);
    expect((await failure(first.rows(1, many))).code).toBe('UNAVAILABLE');

    const asked: string[] = [];
    const watched = instance(api, (name, go) => {
      asked.push(name);
      return go();
    });
    const again = await open(watched, { resume: first.run as Id });
    const outcomes = await again.rows(1, many);
    expect(outcomes.map(({ line }) => line)).toEqual(many.map(({ line }) => line));
    expect(outcomes.every(({ outcome }) => outcome === 'created')).toBe(true);
    expect(asked).toEqual(['import.start', 'import.outcomes', 'import.outcomes', 'import.rows']);
    expect((await again.finish(0)).run).toMatchObject({ created: 1000, state: 'DONE' });
  });
});

it('an instance without imports promises no all or nothing', async () => {
  const api = await opened();
  const refused = await failure(open(withoutImports(api), { mode: 'atomic' }));
  expect(refused.code).toBe('INVALID');
  expect(refused.hint).toContain('--mode partial');
});
