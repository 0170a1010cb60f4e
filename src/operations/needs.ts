import type { Stored } from '../db/codec.ts';
import { loadRecords } from '../db/record-store.ts';
import { account } from '../records/account.ts';
import { accountDepartment } from '../records/account-department.ts';
import { customer } from '../records/customer.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { specialCategoryPassenger } from '../records/special-category-passenger.ts';
import type { Id } from '../values/id.ts';
import type { Work } from './work.ts';

export interface Riders {
  readonly customers: readonly Id[];
  readonly scps: readonly Id[];
}

/** Everybody in the segments of a trip or recurring trip, each once. */
export function ridersOf(values: Stored): Riders {
  const segments = (values['tripSegments'] ?? []) as readonly {
    readonly customer: Id | null;
    readonly scps: readonly Id[];
  }[];
  return {
    customers: [
      ...new Set(segments.flatMap((segment) => (segment.customer === null ? [] : [segment.customer]))),
    ],
    scps: [...new Set(segments.flatMap((segment) => segment.scps))],
  };
}

/** What riders and the department always need; a department without capabilities has its account's (spec sections 4.1, 4.3). */
export async function neededCapabilities(
  work: Work,
  riders: Riders,
  department: Id | null,
): Promise<readonly Id[]> {
  const of = async (definition: RecordDefinition, ids: readonly Id[]) => {
    const records = await loadRecords(work.queries, work.client.id, definition, ids);
    return records.flatMap((record) => record.values['clientCapabilities'] as readonly Id[]);
  };
  const needed = [
    ...(await of(customer, riders.customers)),
    ...(await of(specialCategoryPassenger, riders.scps)),
  ];
  if (department !== null) {
    const [record] = await loadRecords(work.queries, work.client.id, accountDepartment, [department]);
    const own = (record?.values['clientCapabilities'] ?? []) as readonly Id[];
    needed.push(
      ...(own.length > 0 || record === undefined ? own : await of(account, [record.values['account'] as Id])),
    );
  }
  return [...new Set(needed)];
}
