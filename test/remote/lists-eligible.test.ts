import { describe, expect, it } from 'vitest';
import type { AdHocEligibleInput } from '../../src/contract/eligibility.ts';
import { openRemote } from '../../src/remote/open-remote.ts';
import type { Profile } from '../../src/values/profile.ts';
import { failure, instanceAt, json, NOON, profileFor, serving, session } from './fixture.ts';

const ann = { id: 'G31', callsign: 'D7', firstName: 'Ann', lastName: 'Byrne' };
const bo = { id: 'G32', callsign: 'D9', firstName: 'Bo', lastName: 'Li' };
const cy = { id: 'G33', callsign: 'D11', firstName: 'Cy', lastName: 'Daly' };
const mary = {
  id: 'G10',
  firstName: 'Mary',
  lastName: 'Nolan',
  phone: '+353850123456',
  clientCapabilities: [],
};
const aoife = { id: 'G20', ref: 'SCP-1', displayName: 'Aoife K.' };

const favourites = [
  { id: 'G41', driver: ann, customer: mary, mode: 'SOFT', priority: 1, expiresAt: null, deletedAt: null },
  { id: 'G42', driver: bo, customer: mary, mode: 'BLOCK', priority: 0, expiresAt: null },
  { id: 'G43', driver: cy, customer: mary, mode: 'SOFT', priority: 0, expiresAt: NOON + 60 },
];
const approvals = [
  { id: 'G51', driver: ann, scp: aoife, mode: 'HARD', priority: 0, expiresAt: null },
  { id: 'G52', driver: cy, scp: aoife, mode: 'HARD', priority: 0, expiresAt: NOON - 1 },
];

type Answers = Readonly<Record<string, unknown>>;
const known: Answers = {
  '/client/G1/customer/G10': mary,
  '/client/G1/customer/phone?phone=085%20012%203456': mary,
  '/client/G1/customer/G10/drivercustomer': favourites,
  '/client/G1/drivercustomer': favourites,
  '/client/G1/scp/G20/driverscp': { items: approvals.slice(0, 1), nextCursor: 'two' },
  '/client/G1/scp/G20/driverscp?cursor=two': { items: approvals.slice(1), nextCursor: null },
  '/client/G1/driverscp': approvals,
};

/** An instance with the seeds' endpoints and no others. */
async function seedsOnly(answers: Answers = {}, profile: Partial<Profile> = {}) {
  const { url, seen } = await serving((one, response) => {
    const found = { ...known, ...answers }[one.url];
    if (one.method === 'GET' && found !== undefined) json(response, 200, found);
    else response.writeHead(404, { 'content-type': 'text/html' }).end('<pre>Cannot GET</pre>');
  });
  const instance = instanceAt(url, { profile: profileFor(url, profile) });
  const api = await openRemote(instance).open(session());
  const ask = (input: AdHocEligibleInput) => api.call('eligible.adHoc', input);
  return { url, seen, ask, api, notes: instance.notes };
}

const approvalsOn = { settings: { 'dispatch.approvedScpDrivers': true } };

describe('with the seeds’ endpoints alone', () => {
  it('a customer’s favourites decide', async () => {
    const { ask, notes, url } = await seedsOnly();
    const decision = await ask({ customers: ['G10'], explain: true });
    expect(decision).toMatchObject({
      trip: null,
      asOf: NOON,
      phase: 'HOLD',
      lists: [{ kind: 'CUSTOMER', id: 'G10', name: 'Mary Nolan', locked: false, softLive: 2, blockLive: 1 }],
      drivers: [
        { rank: 1, id: 'G33', callsign: 'D11', preferred: true, priority: 0 },
        { rank: 2, id: 'G31', callsign: 'D7', name: 'Ann Byrne', preferred: true, priority: 1 },
      ],
      excluded: [{ id: 'G32', reasons: [{ code: 'BLOCKED' }] }],
      summary: { considered: 3, eligible: 2, excluded: 1 },
    });
    expect(notes.join('\n')).toContain(`${url} does not decide who is eligible`);
    expect(notes.join('\n')).toContain('others of the fleet are left out');
    expect(notes.join('\n')).toContain('times are UTC');
  });

  it('of a passenger who is on no list it cannot tell who may drive', async () => {
    const { ask } = await seedsOnly({ '/client/G1/customer/G10/drivercustomer': [] });
    for (const explain of [true, false])
      await expect(ask({ customers: ['G10'], explain })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('it cannot be told who may drive'),
      });
  });

  it('a passenger’s approvals count where the profile says so, over all pages', async () => {
    const { ask } = await seedsOnly({}, approvalsOn);
    const decision = await ask({ scps: ['G20'], explain: true });
    expect(decision.lists).toMatchObject([
      { kind: 'SCP', id: 'G20', name: 'Aoife K.', locked: true, hardLive: 1, lapsed: 1 },
    ]);
    expect(decision.drivers.map(({ callsign }) => callsign)).toEqual(['D7']);
    expect(decision.excluded).toMatchObject([{ callsign: 'D11', reasons: [{ code: 'NOT_ON_HARD_LIST' }] }]);
  });

  it('approvals are off by default, and it says so', async () => {
    const { ask, notes } = await seedsOnly();
    const decision = await ask({ scps: ['G20'] });
    expect(decision.lists).toEqual([]);
    expect(decision.warnings).toMatchObject([{ code: 'SCP_APPROVALS_OFF' }]);
    expect(notes.join('\n')).toContain('--setting dispatch.approvedScpDrivers=on');
  });

  it('lists of several passengers intersect', async () => {
    const { ask } = await seedsOnly({}, approvalsOn);
    const decision = await ask({ customers: ['G10'], scps: ['G20'], pickupAt: (NOON + 3600) as never });
    expect(decision.asOf).toBe(NOON + 3600);
    expect(decision.drivers.map(({ callsign }) => callsign)).toEqual(['D7']);
    expect(decision.summary).toMatchObject({
      considered: 3,
      eligible: 1,
      byReason: { BLOCKED: 1, NOT_ON_HARD_LIST: 2 },
    });
  });

  it('one driver can be asked about', async () => {
    const { ask } = await seedsOnly();
    expect(await ask({ customers: ['G10'], driver: 'd9' })).toMatchObject({
      drivers: [],
      excluded: [{ callsign: 'D9' }],
    });
    expect(await failure(ask({ customers: ['G10'], driver: 'D8' }))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('who rides is named', () => {
  it.each([['085 012 3456'], ['mary nolan'], ['G10']])('as %s', async (ref) => {
    const { ask } = await seedsOnly();
    expect((await ask({ customers: [ref] })).lists).toMatchObject([{ id: 'G10' }]);
  });

  it.each([['SCP-1'], ['Aoife K.']])('as %s', async (ref) => {
    const { ask } = await seedsOnly({}, approvalsOn);
    expect((await ask({ scps: [ref] })).lists).toMatchObject([{ id: 'G20' }]);
  });

  it('wrongly, with the nearest spelling', async () => {
    const { ask } = await seedsOnly();
    expect(await failure(ask({ scps: ['Aoife M.'] }))).toMatchObject({
      code: 'NOT_FOUND',
      hint: 'did you mean `Aoife K.`?',
    });
  });

  it('by the name of a customer who is on no list', async () => {
    const { ask } = await seedsOnly();
    expect(await failure(ask({ customers: ['Patrick Q. Zimmer'] }))).toMatchObject({
      code: 'NOT_FOUND',
      message: 'no list of the instance names a customer `Patrick Q. Zimmer`',
      hint: expect.stringContaining('by phone or by id'),
    });
  });

  it('by a name that two have', async () => {
    const twin = { ...favourites[0], id: 'G44', customer: { ...mary, id: 'G11' } };
    const { ask } = await seedsOnly({ '/client/G1/drivercustomer': [...favourites, twin] });
    const error = await failure(ask({ customers: ['Mary Nolan'] }));
    expect(error).toMatchObject({
      code: 'CONFLICT',
      details: [{ objectType: 'Customer', candidates: [{ id: 'G10' }, { id: 'G11' }] }],
    });
  });

  it('by an id that is not there', async () => {
    const { ask } = await seedsOnly();
    expect(await failure(ask({ customers: ['G99'] }))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what cannot be decided says so', () => {
  it.each<[string, AdHocEligibleInput, string]>([
    ['a department', { customers: ['G10'], department: 'ACME/Sales' }, '--dept'],
    ['a capability', { customers: ['G10'], capabilities: ['WAV'] }, 'WAV'],
  ])('%s', async (_name, input, named) => {
    const { ask } = await seedsOnly();
    const error = await failure(ask(input));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(error.message).toContain(named);
  });

  it('what the passenger always needs', async () => {
    const { ask } = await seedsOnly({
      '/client/G1/customer/G10': { ...mary, clientCapabilities: [{ id: 'G7', code: 'WAV' }] },
    });
    expect((await failure(ask({ customers: ['G10'] }))).message).toContain('WAV');
  });

  it('unless the lists tell what drivers can do', async () => {
    const rows = favourites.map((row) => ({
      ...row,
      driver: {
        ...row.driver,
        status: row.driver === cy ? 'SUSPENDED' : 'ACTIVE',
        clientCapabilities: row.driver === ann ? [{ id: 'G7', code: 'WAV' }] : [],
      },
    }));
    const { ask, notes } = await seedsOnly({ '/client/G1/customer/G10/drivercustomer': rows });
    const decision = await ask({ customers: ['G10'], capabilities: ['WAV'], explain: true });
    expect(decision.drivers.map(({ callsign }) => callsign)).toEqual(['D7']);
    expect(decision.excluded.find(({ callsign }) => callsign === 'D11')?.reasons).toMatchObject([
      { code: 'DRIVER_NOT_ACTIVE' },
      { code: 'MISSING_CAPABILITY', capability: 'WAV' },
    ]);
    expect(notes.join('\n')).not.toContain('suspended');
  });

  it.each([
    ['an unknown mode', { mode: 'MAYBE' }],
    ['zero for an expiry', { expiresAt: 0 }],
    ['a number for an id', { id: 41 }],
    ['no driver', { driver: null }],
    ['half a priority', { priority: 0.5 }],
  ])('a row with %s', async (_name, wrong) => {
    const rows = [{ ...favourites[0], ...wrong }];
    const { ask } = await seedsOnly({ '/client/G1/customer/G10/drivercustomer': rows });
    const error = await failure(ask({ customers: ['G10'] }));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      hint: 'nothing is decided on a list that cannot be read as a whole',
    });
  });

  it('a stored trip, a name in a path, a dry run', async () => {
    const { api } = await seedsOnly();
    expect(await failure(api.call('trip.eligible', { ref: 'G60' }))).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await failure(api.call('driver.get', { ref: 'D7' }))).toMatchObject({
      code: 'UNAVAILABLE',
      hint: 'give the id, such as G123',
    });
    const { seen, api: another } = await seedsOnly();
    expect(await failure(another.call('driver.delete', { ref: 'G31' }, { dryRun: true }))).toMatchObject({
      message: expect.stringContaining('cannot do dry runs'),
    });
    expect(seen.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});
