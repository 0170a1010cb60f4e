import type { Values } from './definition.ts';
import type { ObjectType, Reference } from './field.ts';

/** What a person calls a record or a reference to one: never empty, falls back to the id. */
export function displayName(type: ObjectType, of: Values | Reference): string {
  const text = (name: string): string => (typeof of[name] === 'string' ? (of[name] as string) : '');
  const inner = (name: string, target: ObjectType): string => {
    const value = of[name];
    return typeof value === 'object' && value !== null ? displayName(target, value as Reference) : '';
  };
  const name = ((): string => {
    switch (type) {
      case 'Driver':
        return withAside(fullName(of), text('callsign'));
      case 'Customer':
        return fullName(of) || text('phone') || text('email');
      case 'SpecialCategoryPassenger':
        return withAside(text('displayName'), text('ref'));
      // Short, and what one types to name it; the name stands in lists and cards.
      case 'Account':
        return text('ref') || text('name');
      case 'AccountDepartment':
        return [inner('account', 'Account'), text('departmentName')].filter(Boolean).join('/');
      case 'AccountEmployee':
        return [inner('customer', 'Customer'), inner('account', 'Account')].filter(Boolean).join(' at ');
      case 'DriverCustomer':
        return [inner('driver', 'Driver'), inner('customer', 'Customer')].filter(Boolean).join(' for ');
      case 'DriverScp':
        return [inner('driver', 'Driver'), inner('scp', 'SpecialCategoryPassenger')]
          .filter(Boolean)
          .join(' for ');
      case 'Brand':
      case 'ClientCapability':
      case 'Group':
        return text('code');
      case 'Client':
      case 'ScheduleExclusionGroup':
        return text('name');
      case 'RecurringTrip':
      case 'Trip':
        return text('ref');
    }
  })();
  return name || String(of['id'] ?? '');
}

/** As a passenger is called on a list of drivers: without the reference behind the name. Never empty, falls back to the id. */
export function passengerName(kind: 'CUSTOMER' | 'SCP', of: Values): string {
  if (kind === 'CUSTOMER') return displayName('Customer', of);
  const own = of['displayName'];
  return typeof own === 'string' && own !== '' ? own : displayName('SpecialCategoryPassenger', of);
}

/** First and last name, whichever there are. */
export function fullName(of: Values): string {
  return [of['firstName'], of['lastName']]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
}

const withAside = (name: string, aside: string): string =>
  name === '' || aside === '' ? name || aside : `${name} (${aside})`;
