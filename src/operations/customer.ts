import type { Page } from '../contract/change.ts';
import { findByHandle } from '../db/lookup.ts';
import { customer } from '../records/customer.ts';
import type { AnyRecord, NaturalHandle, Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import { quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { createRecord } from './create.ts';
import { refuseInput, textInput } from './input.ts';
import { judge } from './judge.ts';
import { holderOfKey } from './keys.ts';
import { type AnyChanged, unchanged } from './report.ts';
import { readRecords } from './scoped.ts';
import type { Work } from './work.ts';

const byPhone = customer.handles.find((handle) => handle.name === 'phone') as NaturalHandle;

async function withPhone(work: Work, phone: string): Promise<readonly Id[]> {
  const { parsePhone } = await import('../values/phone.ts');
  const parsed = parsePhone(phone, work.client.country);
  if (!parsed.ok) throw refuseInput('phone', phone, parsed.message, parsed.hint);
  return findByHandle(work.queries, work.client.id, customer, byPhone, parsed.e164, 'live');
}

/** Every customer with a phone: several only where it is shared on purpose. NOT_FOUND where there is none. */
export async function findCustomers(work: Work, input: { readonly phone: string }): Promise<Page<AnyRecord>> {
  const ids = await withPhone(work, textInput(input.phone, 'phone'));
  if (ids.length > 0) return { items: await readRecords(work, customer, ids), nextCursor: null };
  throw new TphError('NOT_FOUND', `no customer has the phone ${quote(input.phone)}`, {
    hint: `register one with \`tph customer create --phone "${input.phone.replace(/["\\$`]/g, '')}" --first-name …\``,
    details: [{ field: 'phone', value: input.phone, message: 'no customer has this phone' }],
  });
}

/** A known phone gives the customer who has it, changing nothing (spec section 5; seed: customers). */
export async function createOrMatchCustomer(work: Work, input: Values): Promise<AnyChanged> {
  const { phone, sharedPhone, internalKey } = input;
  if (typeof phone !== 'string' || phone === '' || sharedPhone === true)
    return createRecord(work, 'Customer', input);
  if (typeof internalKey === 'string' && (await holderOfKey(work, 'Customer', internalKey)) !== undefined)
    return createRecord(work, 'Customer', input);
  const ids = await knownPhone(work, phone);
  const [record, another] = await readRecords(work, customer, ids);
  if (record === undefined) return createRecord(work, 'Customer', input);
  if (another !== undefined)
    throw new TphError('CONFLICT', `the phone ${quote(phone)} is shared by ${ids.length} customers`, {
      hint: 'name one by its id, or add another with --shared-phone',
      details: [
        {
          field: 'phone',
          value: phone,
          message: 'the phone is shared',
          candidates: [record, another].map((one) => ({ id: one.id, name: displayName('Customer', one) })),
        },
      ],
    });
  // Nothing of the rest is taken over, but what is wrong with it is still said.
  const { warnings } = await judge(work, customer, input, 'create');
  return { ...(await unchanged(work, customer, record.id, warnings)), matched: true };
}

/** A phone that cannot be read matches nobody; creating then says what is wrong with it, and with all else. */
async function knownPhone(work: Work, phone: string): Promise<readonly Id[]> {
  try {
    return await withPhone(work, phone);
  } catch (error) {
    if (error instanceof TphError && error.code === 'INVALID') return [];
    throw error;
  }
}
