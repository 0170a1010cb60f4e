import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import type { World } from '../world.ts';

/** Departments, their employees, and what is in force for them (spec sections 4.3 and 4.4). */
export function departments(world: () => World): void {
  describe('departments', () => {
    let api: CheckedApi;
    const ids: Record<string, string> = {};
    const id = (name: string) => ({ id: ids[name] ?? '' });
    beforeAll(async () => {
      ({ api } = await world().tenant());
      const make = async (name: string, operation: string, input: object) => {
        ids[name] = (await api.any(operation, input)).id;
      };
      await make('acme', 'account.create', { ref: 'ACME', name: 'Acme' });
      await make('other', 'account.create', { ref: 'OTHER' });
      await make('sales', 'accountDepartment.create', { account: 'ACME', departmentName: 'Sales' });
      await make('ops', 'accountDepartment.create', { account: 'ACME', departmentName: 'Ops' });
      await make('foreign', 'accountDepartment.create', { account: 'OTHER', departmentName: 'Sales' });
      for (const name of ['ann', 'bob', 'cy', 'dee'])
        await make(name, 'customer.create', { firstName: name });
      await make('annAtAcme', 'accountEmployee.create', {
        customer: id('ann'),
        account: 'ACME',
        accountDepartments: ['ACME/Sales'],
      });
      await make('bobAtOther', 'accountEmployee.create', { customer: id('bob'), account: 'OTHER' });
    });
    const get = (name: string) => api.call('accountDepartment.get', { ref: `ACME/${name}` });
    const employee = (name: string) => api.call('accountEmployee.get', { ref: ids[name] ?? '' });

    test('contacts and employees of another account are refused, each with its field', async () => {
      const refused = await failure(
        api.call('accountDepartment.update', {
          ref: 'ACME/Ops',
          primaryContact: id('bobAtOther'),
          secondaryContact: id('bobAtOther'),
          accountEmployees: [id('bobAtOther')],
        } as never),
      );
      expect(refused.code).toBe('INVALID');
      expect(refused.details.map((one) => one.field)).toEqual([
        'primaryContact',
        'secondaryContact',
        'accountEmployees',
      ]);
      expect(
        await failure(
          api.any('accountEmployee.update', { ref: ids['bobAtOther'], accountDepartments: [id('sales')] }),
        ),
      ).toMatchObject({ code: 'INVALID', details: [{ field: 'accountDepartments' }] });
      expect(
        await api.any('accountDepartment.update', { ref: 'ACME/Ops', primaryContact: id('annAtAcme') }),
      ).toMatchObject({
        primaryContact: { id: ids['annAtAcme'], customer: { id: ids['ann'], firstName: 'ann' } },
      });
    });

    test('neither a department nor an employee moves to another account', async () => {
      for (const [name, ref] of [
        ['accountDepartment.update', ids['ops']],
        ['accountEmployee.update', ids['annAtAcme']],
      ] as const)
        expect(await failure(api.any(name, { ref, account: 'OTHER' }))).toMatchObject({
          code: 'INVALID',
          details: expect.arrayContaining([expect.objectContaining({ field: 'account' })]),
        });
    });

    test('who may book on a department shows on both sides, and is audited on the employee', async () => {
      expect((await get('Sales')).accountEmployees).toMatchObject([id('annAtAcme')]);
      const before = await employee('annAtAcme');
      const changed = await api.any('accountDepartment.update', {
        ref: 'ACME/Ops',
        accountEmployees: [id('annAtAcme')],
      });
      expect(changed.changes).toMatchObject([
        { field: 'accountEmployees', before: [], after: [id('annAtAcme')] },
      ]);
      const after = await employee('annAtAcme');
      expect(after.accountDepartments).toMatchObject([id('sales'), id('ops')]);
      expect(after.updatedDate).toBeGreaterThan(before.updatedDate);
      expect((await api.call('log.list', { ref: ids['annAtAcme'] ?? '', limit: 1 })).items).toMatchObject([
        {
          operation: 'accountDepartment.update',
          action: 'UPDATE',
          before: { accountDepartments: [id('sales')] },
        },
      ]);

      await api.any('accountEmployee.update', {
        ref: ids['annAtAcme'],
        remove: { accountDepartments: ['ACME/Ops'] },
      });
      expect((await get('Ops')).accountEmployees).toEqual([]);
      await api.any('accountDepartment.update', {
        ref: 'ACME/Sales',
        remove: { accountEmployees: [id('annAtAcme')] },
      });
      expect((await employee('annAtAcme')).accountDepartments).toEqual([]);
      await api.any('accountDepartment.update', {
        ref: 'ACME/Sales',
        add: { accountEmployees: [id('annAtAcme')] },
      });
      expect((await employee('annAtAcme')).accountDepartments).toMatchObject([id('sales')]);
    });

    test('a new department may bring its employees', async () => {
      const made = await api.any('accountDepartment.create', {
        account: 'ACME',
        departmentName: 'New',
        accountEmployees: [id('annAtAcme')],
      });
      expect(made.accountEmployees).toMatchObject([id('annAtAcme')]);
      expect((await employee('annAtAcme')).accountDepartments).toMatchObject([id('sales'), { id: made.id }]);
      await api.any('accountDepartment.update', { ref: made.id, accountEmployees: [] });
    });

    test('a deleted employee is not among those of a department, and does not stand in the way of a change', async () => {
      const { id: gone } = await api.call('accountDepartment.addEmployee', {
        ref: 'ACME/Ops',
        customer: ids['dee'] ?? '',
      });
      await api.call('accountEmployee.delete', { ref: gone });
      expect((await get('Ops')).accountEmployees).toEqual([]);
      const set = await api.any('accountDepartment.update', {
        ref: 'ACME/Ops',
        accountEmployees: [id('annAtAcme')],
      });
      expect(set.accountEmployees).toMatchObject([id('annAtAcme')]);
      await api.any('accountDepartment.update', { ref: 'ACME/Ops', accountEmployees: null });
      await api.call('accountEmployee.restore', { ref: gone });
      expect((await get('Ops')).accountEmployees).toMatchObject([{ id: gone }]);
      await api.call('accountEmployee.delete', { ref: gone });
    });

    test('add-employee makes a customer an employee where needed, and lists the department once', async () => {
      const first = await api.call('accountDepartment.addEmployee', { ref: 'ACME/Ops', customer: 'cy' });
      expect(first).toMatchObject({
        created: true,
        customer: id('cy'),
        account: id('acme'),
        accountDepartments: [id('ops')],
      });
      const second = await api.call('accountDepartment.addEmployee', { ref: 'ACME/Sales', customer: 'cy' });
      expect(second).toMatchObject({
        id: first.id,
        changed: true,
        accountDepartments: [id('ops'), id('sales')],
      });
      expect(
        await api.call('accountDepartment.addEmployee', { ref: 'ACME/Ops', customer: 'cy' }),
      ).toMatchObject({ changed: false });
    });

    test('iban and bic are checked, and kept without blanks', async () => {
      const set = await api.call('accountDepartment.update', {
        ref: 'ACME/Sales',
        iban: 'mt84 malt 0110 0001 2345 mtlc ast0 01s ',
        bic: 'aibkie2d',
      });
      expect(set).toMatchObject({ iban: 'MT84MALT011000012345MTLCAST001S', bic: 'AIBKIE2D' });
      const refused = await failure(
        api.call('accountDepartment.update', { ref: 'ACME/Sales', iban: 'IE00AIBK93115212345678', bic: 'X' }),
      );
      expect(refused.details.map((one) => one.field)).toEqual(['iban', 'bic']);
    });

    test('effective says what is in force and which level says so', async () => {
      await api.call('clientCapability.create', { code: 'WAV' });
      await api.call('account.update', {
        ref: 'ACME',
        authType: 'PIN',
        clientCapabilities: ['WAV'],
        city: 'Cork',
        taxNumber: 'T1',
      });
      await api.call('accountDepartment.update', {
        ref: 'ACME/Sales',
        mergePreference: 'any' as 'ALL',
        city: 'Galway',
      });
      const { department, effective } = await api.call('accountDepartment.effective', { ref: 'ACME/Sales' });
      expect(department).toMatchObject(id('sales'));
      expect(effective).toMatchObject({
        authType: { value: 'PIN', from: 'ACCOUNT' },
        mergePreference: { value: 'ALL', from: 'DEPARTMENT' },
        clientCapabilities: { value: ['WAV'], from: 'ACCOUNT' },
        city: { value: 'Galway', from: 'DEPARTMENT' },
        taxNumber: { value: 'T1', from: 'ACCOUNT' },
        state: { value: null, from: null },
      });
      await api.any('accountEmployee.update', { ref: ids['annAtAcme'], authType: 'MFA' });
      const own = await api.call('accountDepartment.effective', {
        ref: 'ACME/Sales',
        employee: ids['annAtAcme'],
      });
      expect(own.effective.authType).toEqual({ value: 'MFA', from: 'EMPLOYEE' });
      await api.call('settings.set', { settings: { 'account.authType': 'SMS' } });
      const foreign = await api.call('accountDepartment.effective', { ref: 'OTHER/Sales' });
      expect(foreign.effective.authType).toEqual({ value: 'SMS', from: 'CLIENT' });
      expect(
        await failure(
          api.call('accountDepartment.effective', { ref: 'OTHER/Sales', employee: ids['annAtAcme'] }),
        ),
      ).toMatchObject({ code: 'INVALID', details: [{ field: 'employee' }] });
    });

    describe('can-book', () => {
      const ask = async (who: object, department = 'ACME/Sales') => {
        const { allowed, reasons } = await api.any('accountDepartment.canBook', { department, ...who });
        return allowed ? 'allowed' : reasons.map((one: { code: string }) => one.code);
      };
      const whileIt = async (
        operation: string,
        ref: string,
        change: object,
        back: object,
        run: () => Promise<void>,
      ) => {
        await api.any(operation, { ref, ...change });
        await run();
        await api.any(operation, { ref, ...back });
      };

      test('by employee and by customer', async () => {
        expect(await ask({ employee: ids['annAtAcme'] })).toBe('allowed');
        expect(await ask({ customer: 'ann' })).toBe('allowed');
        expect(await ask({ customer: 'ann' }, 'ACME/Ops')).toEqual(['NOT_IN_DEPARTMENT']);
        expect(await ask({ customer: 'dee' }, 'OTHER/Sales')).toEqual(['NOT_AN_EMPLOYEE']);
        expect(await ask({ customer: 'bob' })).toEqual(['OTHER_ACCOUNT', 'NOT_IN_DEPARTMENT']);
        expect(await ask({ employee: ids['bobAtOther'] })).toEqual(['OTHER_ACCOUNT', 'NOT_IN_DEPARTMENT']);
      });

      test('while the account, the department or the employee is inactive or deleted', async () => {
        const off = { active: false };
        const on = { active: true };
        const ann = { customer: 'ann' };
        await whileIt('account.update', 'ACME', off, on, async () =>
          expect(await ask(ann)).toEqual(['ACCOUNT_INACTIVE']),
        );
        await whileIt('accountDepartment.update', 'ACME/Sales', off, on, async () =>
          expect(await ask(ann)).toEqual(['DEPARTMENT_INACTIVE']),
        );
        await whileIt('accountEmployee.update', ids['annAtAcme'] ?? '', off, on, async () =>
          expect(await ask(ann)).toEqual(['EMPLOYEE_INACTIVE']),
        );
        await api.call('accountEmployee.delete', { ref: ids['annAtAcme'] ?? '' });
        expect(await ask(ann)).toEqual(['EMPLOYEE_INACTIVE']);
        expect(await ask({ employee: ids['annAtAcme'] })).toEqual(['EMPLOYEE_INACTIVE']);
        await api.call('accountEmployee.restore', { ref: ids['annAtAcme'] ?? '' });
        await api.call('accountDepartment.delete', { ref: 'ACME/Sales' });
        expect(await ask(ann, ids['sales'])).toEqual(['DEPARTMENT_INACTIVE']);
        expect(
          (
            await failure(
              api.call('accountDepartment.canBook', { department: 'ACME/Sales', customer: 'ann' }),
            )
          ).code,
        ).toBe('NOT_FOUND');
        await api.call('accountDepartment.restore', { ref: ids['sales'] ?? '' });
        await api.call('account.delete', { ref: 'ACME' });
        expect(await ask(ann, ids['sales'])).toEqual(['ACCOUNT_INACTIVE']);
        await api.call('account.restore', { ref: 'ACME' });
        expect(await ask(ann)).toBe('allowed');
      });

      test('all reasons at once', async () => {
        await api.call('account.update', { ref: 'ACME', active: false });
        await api.call('accountDepartment.update', { ref: ids['ops'] ?? '', active: false });
        await api.any('accountEmployee.update', { ref: ids['annAtAcme'], active: false });
        expect(await ask({ employee: ids['annAtAcme'] }, ids['ops'])).toEqual([
          'ACCOUNT_INACTIVE',
          'DEPARTMENT_INACTIVE',
          'EMPLOYEE_INACTIVE',
          'NOT_IN_DEPARTMENT',
        ]);
      });

      test('about one of the two', async () => {
        for (const who of [{}, { customer: 'ann', employee: ids['annAtAcme'] }])
          expect(
            await failure(api.any('accountDepartment.canBook', { department: 'ACME/Sales', ...who })),
          ).toMatchObject({
            code: 'INVALID',
            details: [{ field: 'customer' }],
          });
      });
    });
  });
}
