import { beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/contract/log.ts';
import { type CheckedApi, failure } from '../checked-api.ts';
import { NOON, type Tenant, type World } from '../world.ts';

/** Taking back one change (spec section 5). */
export function undo(world: () => World): void {
  describe('undoing an event', () => {
    let tenant: Tenant;
    let api: CheckedApi;
    beforeAll(async () => {
      tenant = await world().tenant();
      api = tenant.api;
    });
    const newest = async (ref?: string): Promise<AuditEvent> =>
      (await api.call('log.list', { limit: 1, ref })).items[0] as AuditEvent;
    const events = async (ref: string): Promise<readonly AuditEvent[]> =>
      (await api.call('log.list', { ref })).items;

    test('a change gives back what was before, and is a change of its own', async () => {
      const { id } = await api.call('driver.create', { callsign: 'U1', firstName: 'Ann', lastName: 'Byrne' });
      await api.call('driver.update', { ref: id, firstName: 'Bo', lastName: null });
      const event = await newest(id);
      const eve = await tenant.open({ actor: 'eve', now: NOON + 50, reason: 'a slip' });
      const undone = await eve.call('log.undo', { event: event.id });
      expect(undone).toMatchObject({
        event: event.id,
        action: 'UPDATE',
        object: { objectType: 'Driver', id },
        changes: [
          { field: 'firstName', before: 'Bo', after: 'Ann' },
          { field: 'lastName', before: null, after: 'Byrne' },
        ],
      });
      expect(await api.call('driver.get', { ref: id })).toMatchObject({
        firstName: 'Ann',
        lastName: 'Byrne',
      });
      expect(await newest(id)).toMatchObject({
        operation: 'log.undo',
        action: 'UPDATE',
        actor: 'eve',
        reason: `undo of ${event.id}: a slip`,
      });
    });

    test('a creation is taken back by deleting, a deletion by restoring, and that by deleting', async () => {
      const { id } = await api.call('brand.create', { code: 'U2', internalKey: 'k-u2' });
      const creation = await newest(id);
      expect(await api.call('log.undo', { event: creation.id })).toMatchObject({
        action: 'DELETE',
        affects: [],
      });
      expect((await failure(api.call('brand.get', { ref: 'U2' }))).code).toBe('NOT_FOUND');
      const deletion = await newest(id);
      expect(deletion).toMatchObject({ action: 'DELETE', reason: `undo of ${creation.id}` });
      expect(await api.call('log.undo', { event: deletion.id })).toMatchObject({ action: 'RESTORE' });
      expect(await api.call('brand.get', { ref: 'key:k-u2' })).toMatchObject({ id, deletedAt: null });
      expect(await api.call('log.undo', { event: (await newest(id)).id })).toMatchObject({
        action: 'DELETE',
      });
    });

    test('where somebody has changed the record since, what differs is said, and nothing is done', async () => {
      const { id } = await api.call('driver.create', { callsign: 'U3' });
      await api.call('driver.update', { ref: id, status: 'SUSPENDED' });
      const event = await newest(id);
      const bob = await tenant.open({ actor: 'bob', now: NOON + 60 });
      await bob.call('driver.update', { ref: id, firstName: 'Cy' });
      const error = await failure(api.call('log.undo', { event: event.id }));
      expect(error).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('was changed since: firstName'),
        details: [
          { field: 'firstName', message: expect.stringMatching(/`Cy` now, by bob \(G\d+\).*`none`/) },
        ],
      });
      expect(await api.call('driver.get', { ref: id })).toMatchObject({ status: 'SUSPENDED' });
      // Newest first, each can be taken back.
      await api.call('log.undo', { event: (await newest(id)).id });
      await api.call('log.undo', { event: event.id });
      expect(await api.call('driver.get', { ref: id })).toMatchObject({ status: 'ACTIVE', firstName: null });
    });

    test('a deletion of what was restored since, and a change of what was deleted since, stay', async () => {
      const { id } = await api.call('group.create', { code: 'U4' });
      await api.call('group.update', { ref: id, name: 'Night' });
      const change = await newest(id);
      await api.call('group.delete', { ref: id });
      const deletion = await newest(id);
      expect(await failure(api.call('log.undo', { event: change.id }))).toMatchObject({
        code: 'CONFLICT',
        details: [{ field: 'deletedAt', message: expect.stringContaining('deleted now, by ann') }],
      });
      await api.call('group.restore', { ref: id });
      expect((await failure(api.call('log.undo', { event: deletion.id }))).code).toBe('CONFLICT');
    });

    test('twice is refused, and says how to have the change again', async () => {
      const { id } = await api.call('driver.create', { callsign: 'U5' });
      await api.call('driver.update', { ref: id, status: 'INACTIVE' });
      const event = await newest(id);
      await api.call('log.undo', { event: event.id });
      const back = await newest(id);
      expect(await failure(api.call('log.undo', { event: event.id }))).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('taken back already'),
        hint: expect.stringContaining(`tph log undo ${back.id}`),
      });
      await api.call('log.undo', { event: back.id });
      expect(await api.call('driver.get', { ref: id })).toMatchObject({ status: 'INACTIVE' });
    });

    test('a dry run says what it would do and does nothing', async () => {
      const { id } = await api.call('driver.create', { callsign: 'U6' });
      const event = await newest(id);
      expect(await api.call('log.undo', { event: event.id }, { dryRun: true })).toMatchObject({
        action: 'DELETE',
        dryRun: true,
      });
      expect(await events(id)).toHaveLength(1);
    });

    test('references, collections, times with their ids and links, settings and keys come back whole', async () => {
      await api.call('clientCapability.create', { code: 'UW' });
      await api.call('clientCapability.create', { code: 'UC' });
      await api.call('scheduleExclusionGroup.create', { name: 'U storm' });
      const made = await api.call('recurringTrip.create', {
        ref: 'U-SR',
        clientCapabilities: ['UW'],
        internalKey: 'first',
        times: [
          { time: '08:15', weekdays: ['MON', 'TUE'] },
          { time: '15:30', weekdays: ['MON'] },
        ],
      });
      await api.call('scheduleExclusionGroup.link', { ref: 'U storm', recurring: 'U-SR', time: '15:30' });
      const before = await api.call('recurringTrip.get', { ref: made.id });
      await api.call('recurringTrip.update', {
        ref: made.id,
        clientCapabilities: ['UC'],
        internalKey: null,
        times: [{ time: '09:00', weekdays: ['FRI'] }],
      });
      await api.call('log.undo', { event: (await newest(made.id)).id });
      const {
        updatedDate: _a,
        passiveUpdatedDate: _b,
        listingUpdatedDate: _c,
        ...back
      } = await api.call('recurringTrip.get', { ref: made.id });
      expect(before).toMatchObject(back);

      await api.call('settings.set', { settings: { 'approvals.warnDays': 7 } });
      await api.call('log.undo', { event: (await newest(api.client.id)).id });
      const { settings } = await api.call('client.get', { ref: api.client.id });
      expect(settings).toEqual({});
    });

    test('a collection that the other side owns comes back there too', async () => {
      await api.call('account.create', { ref: 'UACC' });
      const { id: customer } = await api.call('customer.create', { phone: '085 012 9911' });
      const employee = await api.call('accountEmployee.create', {
        customer: { id: customer },
        account: 'UACC',
      });
      const dept = await api.call('accountDepartment.create', {
        account: 'UACC',
        departmentName: 'Sales',
        accountEmployees: [employee.id],
      });
      await api.call('accountDepartment.update', { ref: dept.id, accountEmployees: [] });
      await api.call('log.undo', { event: (await newest(dept.id)).id });
      const { accountDepartments } = await api.call('accountEmployee.get', { ref: employee.id });
      expect(accountDepartments.map(({ id }) => id)).toEqual([dept.id]);
    });

    test('a password is kept nowhere and cannot be put back', async () => {
      const { id } = await api.call('customer.create', { phone: '085 012 9912', password: 'one two three' });
      await api.call('customer.update', { ref: id, password: 'four five six' });
      expect(await failure(api.call('log.undo', { event: (await newest(id)).id }))).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('password'),
      });
    });

    test('a name that another record has by now stands in the way', async () => {
      const { id } = await api.call('driver.create', { callsign: 'U7' });
      await api.call('driver.update', { ref: id, callsign: 'U8' });
      const event = await newest(id);
      await api.call('driver.create', { callsign: 'U7' });
      expect(await failure(api.call('log.undo', { event: event.id }))).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('callsign'),
      });
    });

    test('what is referred to again and was deleted since is said', async () => {
      await api.call('brand.create', { code: 'UB' });
      const { id } = await api.call('customer.create', { phone: '085 012 9913', defaultBrand: 'UB' });
      await api.call('customer.update', { ref: id, defaultBrand: null });
      const event = await newest(id);
      await api.call('brand.delete', { ref: 'UB' });
      const { warnings } = await api.call('log.undo', { event: event.id });
      expect(warnings).toEqual([expect.objectContaining({ message: expect.stringContaining('UB') })]);
    });

    test('the last live HARD approval is not taken away without a reason', async () => {
      await api.call('driver.create', { callsign: 'U9' });
      await api.call('specialCategoryPassenger.create', { ref: 'U-SCP' });
      const { id } = await api.call('driverScp.create', { driver: 'U9', scp: 'U-SCP', mode: 'HARD' });
      const event = await newest(id);
      expect(await failure(api.call('log.undo', { event: event.id }))).toMatchObject({
        code: 'INVALID',
        details: [{ code: 'LAST_HARD_APPROVAL' }],
      });
      const why = await tenant.open({ reason: 'left' });
      expect(await why.call('log.undo', { event: event.id })).toMatchObject({ action: 'DELETE' });
    });

    test('a change of a token is refused, with what takes it back', async () => {
      const own = (await world().tenant()).api;
      const { id } = await own.call('token.create', { name: 'dispatch', role: 'ADMIN' });
      const events = async () => (await own.call('log.list', { limit: 1 })).items[0]?.id ?? '';
      const made = await failure(own.call('log.undo', { event: await events() }));
      expect(made).toMatchObject({ code: 'CONFLICT', details: [{ field: 'token' }] });
      expect(made.hint).toContain(`tph token revoke ${id}`);
      const listed = (await own.call('token.list', {})).items;
      expect(listed.find((one) => one.id === id)).toMatchObject({ state: 'ACTIVE' });
      await own.call('token.revoke', { ref: id });
      const revoked = await failure(own.call('log.undo', { event: await events() }));
      expect(revoked).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('`dispatch`') });
      expect(revoked.hint).toContain('tph token create');
    });

    test('an event of another client, and one that is none, are not found', async () => {
      const other = (await world().tenant()).api;
      const { id } = await other.call('brand.create', { code: 'X' });
      const [event] = (await other.call('log.list', { ref: id })).items;
      for (const one of [event?.id ?? '', 'G12345', '12345'])
        expect(await failure(api.call('log.undo', { event: one }))).toMatchObject({
          code: 'NOT_FOUND',
          details: [{ field: 'event' }],
        });
      expect((await failure(api.call('log.undo', { event: 'D7' }))).code).toBe('INVALID');
    });

    test('the log is narrowed by action and operation, and to what came after an event', async () => {
      const own = (await world().tenant()).api;
      const { id } = await own.call('driver.create', { callsign: 'D1' });
      await own.call('driver.update', { ref: id, firstName: 'Ann' });
      await own.call('driver.delete', { ref: id });
      await own.call('brand.create', { code: 'B' });
      const all = (await own.call('log.list', {})).items;
      const list = async (input: object) =>
        (await own.any('log.list', input)).items.map((one: AuditEvent) => one.operation);
      expect(await list({ action: 'DELETE' })).toEqual(['driver.delete']);
      expect(await list({ operation: 'driver.update' })).toEqual(['driver.update']);
      expect(await list({ operation: 'driver' })).toEqual([
        'driver.delete',
        'driver.update',
        'driver.create',
      ]);
      expect(await list({ operation: 'driv' })).toEqual([]);
      expect(await list({ after: all[2]?.id })).toEqual(['brand.create', 'driver.delete']);
      expect(await list({ after: all[0]?.id })).toEqual([]);
      expect((await failure(own.any('log.list', { action: 'GROW' }))).code).toBe('INVALID');
      for (const operation of ['%', 'driver.%', 'driver._pdate', ''])
        expect((await failure(own.any('log.list', { operation }))).code).toBe('INVALID');
      expect((await failure(own.any('log.list', { after: 'x' }))).code).toBe('INVALID');
    });
  });
}
