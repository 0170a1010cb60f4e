import { afterAll, describe, expect, it } from 'vitest';
import { bookingOutcome, departmentOutcome } from '../resolver/outcome.ts';
import { askBooking, askDepartment } from './account-world.ts';
import { allCases, casesOf } from './cases.ts';
import { Databases, type Tenant } from './databases.ts';
import { UNSAYABLE } from './unsayable.ts';

const databases = new Databases();
afterAll(() => databases.close());
const inWorld = <T>(use: (tenant: Tenant) => Promise<T>) => databases.tenant('Europe/Dublin', use);

const isSayable = (one: { readonly decision: string; readonly name: string }) =>
  !UNSAYABLE.has(`${one.decision}: ${one.name}`);

describe('departments on the command line', () => {
  for (const { name, world, expect: expected } of casesOf('department').filter(isSayable))
    it(name, async () => {
      expect(departmentOutcome(await inWorld((tenant) => askDepartment(tenant, world)))).toEqual(expected);
    });

  it("address and company are the department's, each in a form that records take", async () => {
    const account = {
      streetAddress: '1 Main St',
      addressArea: 'Docklands',
      city: 'Cork',
      state: 'Co. Cork',
      postCode: 'T12 AB34',
      country: 'IE',
      iban: 'IE29AIBK93115212345678',
      bic: 'AIBKIE2DXXX',
      companyName: 'Acme Ltd',
      tradingAlias: 'Acme',
      companyNumber: '123456',
      taxNumber: 'IE1234567T',
    };
    const own = {
      streetAddress: '2 High St',
      addressArea: 'Holborn',
      city: 'London',
      state: 'Greater London',
      postCode: 'WC1V 6BX',
      country: 'GB',
      iban: 'GB29NWBK60161331926819',
      bic: 'NWBKGB2LXXX',
      companyName: 'Acme UK Ltd',
      tradingAlias: 'Acme UK',
      companyNumber: '654321',
      taxNumber: 'GB123456789',
    };
    const world = {
      accounts: { ACME: { details: account } },
      departments: { 'ACME/London': { details: own } },
      ask: { department: 'ACME/London' },
    };
    expect(departmentOutcome(await inWorld((tenant) => askDepartment(tenant, world))).details).toEqual(
      Object.fromEntries(Object.entries(own).map(([field, value]) => [field, `${value} from DEPARTMENT`])),
    );
  });
});

describe('bookings on the command line', () => {
  for (const { name, world, expect: expected } of casesOf('booking').filter(isSayable))
    it(name, async () => {
      expect(bookingOutcome(await inWorld((tenant) => askBooking(tenant, world)))).toEqual(expected);
    });
});

describe('cases that the command line cannot say', () => {
  const listed = [...UNSAYABLE].map(([title, reason]) => ({ title, ...reason }));

  it.each(listed)('$title: $because', async ({ title, stoppedBy }) => {
    const one = allCases.find((each) => `${each.decision}: ${each.name}` === title);
    if (one?.decision !== 'department' && one?.decision !== 'booking')
      throw new Error('there is no such case about accounts');
    const ask = one.decision === 'department' ? askDepartment : askBooking;
    await expect(inWorld<unknown>((tenant) => ask(tenant, one.world))).rejects.toThrow(stoppedBy);
  });
});
