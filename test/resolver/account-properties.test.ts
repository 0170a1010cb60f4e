import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideBooking } from '../../src/resolver/booking.ts';
import { decideDepartment } from '../../src/resolver/department.ts';
import { bookingFacts, departmentFacts } from './account-world.ts';
import { always, frozen, shuffled } from './random-worlds.ts';

describe('departments and bookings', () => {
  const world = {
    accounts: { ACME: { capabilities: ['WAV', 'CHILD_SEAT'] }, BETA: {} },
    departments: { 'ACME/Sales': {}, 'ACME/Works': {}, 'BETA/Sales': {} },
  };
  const employees = fc.array(
    fc.record({
      customer: fc.constant('Mary'),
      account: fc.constantFrom('ACME', 'BETA'),
      departments: fc.subarray(['ACME/Sales', 'ACME/Works', 'BETA/Sales']),
      active: fc.boolean(),
      deleted: fc.boolean(),
      authType: fc.constantFrom('PIN', 'INHERIT', null),
    } as const),
    { maxLength: 4 },
  );

  it('do not depend on the order of links, and leave their facts alone', () => {
    always(
      fc.property(employees, fc.nat(), (links, seed) => {
        const facts = frozen(
          bookingFacts({ ...world, employees: links, ask: { department: 'ACME/Sales', customer: 'Mary' } }),
        );
        expect(decideBooking(shuffled(facts, seed))).toEqual(decideBooking(facts));
      }),
    );
  });

  it('allow a booking only through a link that would do by itself', () => {
    always(
      fc.property(employees, (links) => {
        const facts = bookingFacts({
          ...world,
          employees: links,
          ask: { department: 'ACME/Sales', customer: 'Mary' },
        });
        const good = links.some(
          (link) =>
            link.account === 'ACME' &&
            link.active &&
            !link.deleted &&
            link.departments.includes('ACME/Sales'),
        );
        expect(decideBooking(facts)?.allowed).toBe(good);
      }),
    );
  });

  it('do not depend on the order of capabilities', () => {
    const facts = frozen(departmentFacts({ ...world, ask: { department: 'ACME/Sales' } }));
    expect(decideDepartment(shuffled(facts, 3))).toEqual(decideDepartment(facts));
  });
});
