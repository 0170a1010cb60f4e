import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OperationName } from '../../../src/contract/api.ts';
import { operationPrefix } from '../../../src/contract/names.ts';
import { operations } from '../../../src/contract/operations.ts';
import { TphError } from '../../../src/values/error.ts';
import { anyInput, isAllowed, type Words } from '../any-input.ts';
import type { CheckedApi } from '../checked-api.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import { startedImport } from '../started-import.ts';
import type { Tenant, World } from '../world.ts';

/** What an operation is tried with; each time something else. */
const RUNS = 6;

/**
 * Nothing crosses clients (spec sections 2 and 8), whatever is asked: every operation of the contract is carried out
 * for one client with ids, handles, keys, cursors, imports and tokens of another, in every place that takes a text.
 */
export function isolation(world: () => World): void {
  describe('two clients', () => {
    let mine: CheckedApi;
    let theirs: Tenant;
    let words: Words;
    /** By noun: what the other client has of it. */
    const likely = new Map<string, readonly string[]>();
    /** The ids of what the other client has. */
    let secrets: readonly string[];
    let before: string;
    const accepted = new Map<string, number>();

    beforeAll(async () => {
      const own = await world().tenant();
      theirs = await world().tenant();
      // As whoever bears a token does: an administrator of the database sees the list of clients.
      mine = await own.open({ viewer: { role: 'ADMIN', groups: null, subject: null }, actor: 'intruder' });
      const ownIds = await fill(new Samples(own.api));
      const their = await fill(new Samples(theirs.api), (type, id) =>
        theirs.api.any(operationOf(type, 'update'), { ref: id, internalKey: `Zerzura ${type}` }),
      );
      const names = await namedRecords(theirs);
      const token = await theirs.api.call('token.create', { name: 'Zerzura app', role: 'ADMIN' });
      const event = (await theirs.api.call('log.list', { limit: 1 })).items[0]?.id as string;
      const run = await startedImport(theirs.api);
      const { nextCursor } = await theirs.api.call('driver.list', { limit: 1 });
      const changes = await theirs.api.call('customer.list', { limit: 1, updatedSince: 1 as never });
      const ids: readonly string[] = [...their, token.id, event, run, theirs.id];
      const cursors = [nextCursor, changes.nextCursor].filter(
        (one): one is string => typeof one === 'string',
      );
      words = {
        ids: [...ids, ...ids.slice(0, 4).map((id) => digitsOf(id)), ...ownIds],
        others: [
          ...names,
          ...ownTypes.map((type) => `key:Zerzura ${type}`),
          ...cursors,
          token.token ?? '',
          'x1',
          'a'.repeat(64),
        ],
      };
      for (const [index, type] of ownTypes.entries())
        likely.set(operationPrefix(type), [their[index] ?? '', `key:Zerzura ${type}`]);
      likely.set('token', [token.id, 'Zerzura app']);
      likely.set('log', [event]);
      likely.set('import', [run ?? 'G77']);
      likely.set('client', [theirs.id]);
      secrets = ids;
      before = await everythingOf(theirs.api);
    });

    const about = (name: string): Words => ({ ...words, likely: likely.get(name.split('.')[0] ?? '') ?? [] });

    test.each(Object.keys(operations) as OperationName[])(
      '%s tells and changes nothing of the other',
      async (name) => {
        const operation = operations[name];
        await fc.assert(
          fc.asyncProperty(anyInput(name, about(name)), fc.boolean(), async (input, dryRun) => {
            const how = { ...(operation.writes && dryRun ? { dryRun } : {}) };
            const answer = await said(mine, name, input, how);
            expect(answer).not.toContain(HIDDEN);
            expect(secrets.filter((id) => refersTo(answer, id))).toEqual([]);
            if (isAllowed(name, input)) accepted.set(name, (accepted.get(name) ?? 0) + 1);
          }),
          { numRuns: RUNS, seed: 20_260_112 },
        );
        expect(
          accepted.get(name) ?? 0,
          `no input of ${name} was one that its contract allows`,
        ).toBeGreaterThan(0);
      },
    );

    test('in the end, the other is as it was, and nothing of this one refers to it', async () => {
      expect(await everythingOf(theirs.api)).toBe(before);
      const own = await everythingOf(mine);
      expect(own).not.toContain(HIDDEN);
      expect(secrets.filter((id) => refersTo(own, id))).toEqual([]);
    });
  });
}

/** An id may be asked for without its letter. */
const digitsOf = (secret: string): string => secret.replace(/^G(?=\d+$)/, '');

/** What was asked is repeated, and may have been written down as a text: a record is meant where its id stands as one. */
const refersTo = (all: string, id: string): boolean => new RegExp(`"[a-zA-Z]*[iI]d":"${id}"`).test(all);

async function fill(
  samples: Samples,
  also: (type: (typeof ownTypes)[number], id: string) => Promise<unknown> = async () => {},
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const type of ownTypes) {
    const { id } = await samples.create(type);
    await also(type, id);
    ids.push(id);
  }
  return ids;
}

/** A word that stands in what only the other client has, and in nothing that is asked. */
const HIDDEN = 'Qwghlm';

/** Records of every kind that has a handle, and what this one asks for: by name, or by a name that is nearly one. */
async function namedRecords({ api }: Tenant): Promise<readonly string[]> {
  const name = HIDDEN;
  await api.call('driver.create', { callsign: 'Zerzura 7', firstName: name, phone: '085 765 4321' });
  await api.call('customer.create', { firstName: 'Zerzura', lastName: name, phone: '085 765 4321' });
  await api.call('account.create', { ref: 'Zerzura account', name });
  await api.call('group.create', { code: 'Zerzura group', name });
  await api.call('scheduleExclusionGroup.create', { name: 'Zerzura snow' });
  await api.call('recurringTrip.create', { ref: 'Zerzura run', name });
  await api.call('driver.create', { callsign: `${name}ian` });
  await api.call('account.create', { ref: `${name}ian`, name });
  await api.call('clientCapability.create', { code: `${name}ian` });
  await api.call('scheduleExclusionGroup.create', { name: `${name}ian` });
  return [
    ...['Zerzura 7', '+353857654321', 'Zerzura account', 'Zerzura group', 'Zerzura snow', 'Zerzura run'],
    ...['Zerzura app', 'Qwghlnian', 'Qwghl', 'Zerzura'],
  ];
}

/** An answer or a refusal as text; a defect fails the test. */
async function said(
  api: CheckedApi,
  name: string,
  input: unknown,
  how: { dryRun?: boolean },
): Promise<string> {
  try {
    return JSON.stringify(await api.any(name, input, how)) ?? '';
  } catch (error) {
    const refused = refusalOf(error);
    return JSON.stringify([refused.message, refused.hint, refused.details]);
  }
}

/** What a token may not do at all is not said for each operation. */
function refusalOf(error: unknown): TphError {
  if (error instanceof TphError) return error;
  const { cause } = error as { readonly cause?: unknown };
  if (cause instanceof TphError && cause.code === 'NOT_ALLOWED') return cause;
  throw error;
}

/** All that a client has, as text. */
async function everythingOf(api: CheckedApi): Promise<string> {
  const all: unknown[] = [];
  for (const type of ownTypes)
    for (const deleted of [false, true])
      all.push((await api.any(operationOf(type, 'list'), { limit: 500, deleted })).items);
  all.push((await api.call('token.list', { all: true })).items);
  all.push(await api.call('settings.list', {}));
  all.push((await api.call('log.list', { limit: 500 })).items);
  all.push((await api.call('import.list', {})).items);
  return JSON.stringify(all);
}
