import { AuditWriter } from '../db/bulk-audit.ts';
import { bulkOn } from '../db/bulk-connection.ts';
import { RecordWriter } from '../db/bulk-records.ts';
import type { Stored } from '../db/codec.ts';
import { nextNumbers } from '../db/id-sequence.ts';
import { chunks, loadRecords, type StoredRecord } from '../db/record-store.ts';
import { accountsOfDepartments, capabilitiesOf, takenRefs } from '../db/release-writes.ts';
import { account } from '../records/account.ts';
import { accountDepartment } from '../records/account-department.ts';
import { customer } from '../records/customer.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import { specialCategoryPassenger } from '../records/special-category-passenger.ts';
import { trip } from '../records/trip.ts';
import type { Occurrence } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import { type Id, idFromBigInt } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { CreationText } from './import/audit-text.ts';
import { labelsOf } from './import/contents.ts';
import { ridersOf } from './needs.ts';
import { refusal } from './refusal.ts';
import { checkCharged } from './rules/charged.ts';
import { overfull } from './uniqueness.ts';
import type { Work } from './work.ts';

/** How many trips are written at once. */
const BATCH = 500;

/**
 * Makes the trip of each occurrence, as creating one after the other would, without asking about each. Whom the run
 * refers to, the trip may: somebody who was deleted must not keep the other runs at home.
 */
export async function releaseTrips(
  work: Work,
  day: Day,
  occurrences: readonly Occurrence[],
): Promise<ReadonlyMap<Occurrence, { readonly id: Id; readonly ref: string }>> {
  const created = new Map<Occurrence, { readonly id: Id; readonly ref: string }>();
  const write = writerOf(work);
  for (const part of chunks(occurrences, BATCH)) {
    const trips = await tripsOf(work, day, part);
    const ids = await write(trips);
    for (const [index, occurrence] of part.entries())
      created.set(occurrence, { id: ids[index] as Id, ref: (trips[index] as Stored)['ref'] as string });
  }
  return created;
}

/** What each trip is to hold. */
async function tripsOf(work: Work, day: Day, occurrences: readonly Occurrence[]): Promise<readonly Stored[]> {
  const ids = [...new Set(occurrences.map((one) => one.recurringTrip.id))];
  const runs = await loadRecords(work.queries, work.client.id, recurringTrip, ids);
  const refs = await freeRefs(work, day, occurrences);
  const charged = await chargedTo(work, runs);
  const needed = await neededBy(work, runs, charged);
  const runOf = new Map(runs.map((run) => [run.id, run]));
  return occurrences.map((occurrence, index) => {
    const run = runOf.get(occurrence.recurringTrip.id) as StoredRecord;
    const own = run.values['clientCapabilities'] as readonly Id[];
    const values = {
      ref: refs[index],
      pickupAt: occurrence.pickupAt,
      status: 'RELEASED',
      tripSegments: run.values['tripSegments'],
      clientCapabilities: [...new Set([...own, ...(needed.get(run.id) ?? [])])],
      account: charged.get(run.id) ?? null,
      accountDepartment: run.values['accountDepartment'],
      releasedAt: work.now,
      recurringTrip: run.id,
      recurringTimeId: occurrence.timeId,
      day,
    };
    const error = refusal(overfull(trip, values), []);
    if (error !== undefined) throw error;
    return values;
  });
}

/** `SR-1-20260113-0815`, or with the first number from 2 on that makes it one that no live trip has. */
async function freeRefs(
  work: Work,
  day: Day,
  occurrences: readonly Occurrence[],
): Promise<readonly string[]> {
  const taken = new Set<string>();
  const look = async (refs: readonly string[]) => {
    for (const ref of await takenRefs(work, work.client.id, refs)) taken.add(ref);
  };
  const bases = occurrences.map(
    ({ recurringTrip: { ref }, time }) => `${ref}-${day}-${time.replace(':', '')}`,
  );
  await look(bases);
  const refs: string[] = [];
  for (const base of bases) {
    let free = base;
    for (let count = 2; taken.has(fold(free)); count += 1) {
      free = `${base}-${count}`;
      await look([free]);
    }
    taken.add(fold(free));
    refs.push(free);
  }
  return refs;
}

/** By run: the account that is charged, which a department brings; throws where that belongs to another. */
async function chargedTo(work: Work, runs: readonly StoredRecord[]): Promise<ReadonlyMap<Id, Id | null>> {
  const departments = runs.flatMap((run) => departmentOf(run) ?? []);
  const accounts = await accountsOfDepartments(work.queries, work.client.id, departments);
  const charged = new Map<Id, Id | null>();
  for (const run of runs) {
    const named = run.values['account'] as Id | null;
    const department = departmentOf(run);
    const due = department === null ? undefined : accounts.get(department);
    charged.set(run.id, named ?? due ?? null);
    if (named === null || due === undefined || due === named) continue;
    const error = refusal(await checkCharged(work, run.values), []);
    if (error !== undefined) throw error;
  }
  return charged;
}

const departmentOf = (run: StoredRecord): Id | null => run.values['accountDepartment'] as Id | null;

/** By run: what riders and the department need; a department without capabilities has its account's (spec sections 4.1, 4.3). */
async function neededBy(
  work: Work,
  runs: readonly StoredRecord[],
  charged: ReadonlyMap<Id, Id | null>,
): Promise<ReadonlyMap<Id, readonly Id[]>> {
  const all = runs.map((run) => ({ run, riders: ridersOf(run.values), department: departmentOf(run) }));
  const of = (definition: RecordDefinition, owners: readonly Id[]) =>
    capabilitiesOf(work.queries, work.client.id, definition, owners);
  const byCustomer = await of(
    customer,
    all.flatMap(({ riders }) => riders.customers),
  );
  const byScp = await of(
    specialCategoryPassenger,
    all.flatMap(({ riders }) => riders.scps),
  );
  const byDepartment = await of(
    accountDepartment,
    all.flatMap(({ department }) => department ?? []),
  );
  const bare = all.filter(({ department }) => department !== null && !byDepartment.has(department));
  const byAccount = await of(
    account,
    bare.flatMap(({ run }) => charged.get(run.id) ?? []),
  );
  return new Map(
    all.map(({ run, riders, department }) => [
      run.id,
      [
        ...riders.customers.flatMap((id) => byCustomer.get(id) ?? []),
        ...riders.scps.flatMap((id) => byScp.get(id) ?? []),
        ...(department === null
          ? []
          : (byDepartment.get(department) ?? byAccount.get(charged.get(run.id) as Id) ?? [])),
      ],
    ]),
  );
}

/** Writes new trips with the audit rows that creating each would write; their ids, in order. */
function writerOf(work: Work): (trips: readonly Stored[]) => Promise<readonly Id[]> {
  const connection = bulkOn(work);
  const { client, now, actor, reason, operation } = work;
  const records = new RecordWriter(connection, client.id, trip, now);
  const frame = { at: now, actor, reason, objectType: trip.objectType };
  const audit = new AuditWriter(connection, client.id, frame);
  return async (trips) => {
    const count = BigInt(trips.length);
    const first = await nextNumbers(work.queries, trips.length * 2, work.nowMs);
    const made = trips.map(
      (values, index): StoredRecord => ({
        id: idFromBigInt(first + BigInt(index)),
        createdDate: now,
        updatedDate: now,
        deletedAt: null,
        deletedBy: null,
        values,
      }),
    );
    await records.insert(first, trips);
    const text = new CreationText(trip, await labelsOf(work, trip, made));
    await audit.write(
      first + count,
      made.map((record, index) => ({
        operation,
        action: 'CREATE',
        object: first + BigInt(index),
        objectName: text.name(record),
        before: null,
        after: text.after(record, null),
      })),
    );
    return made.map(({ id }) => id);
  };
}
