import type { Session } from '../../src/contract/database.ts';
import type { Queries } from '../../src/db/database.ts';
import { nextIds } from '../../src/db/id-sequence.ts';
import { insertRecord, loadRecords, type StoredRecord } from '../../src/db/record-store.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import { openStore } from '../../src/operations/open-store.ts';
import type { RecordDefinition } from '../../src/records/definition.ts';
import { driver } from '../../src/records/driver.ts';
import { recurringTrip } from '../../src/records/recurring-trip.ts';
import { addDays } from '../../src/values/day.ts';
import type { Id } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import { dayAt } from '../../src/values/zone.ts';

/** A large client: so many drivers, and as many runs that go out on each day, all paused by one exclusion group. */
export async function prepareLarge(file: string, count: number) {
  const nowMs = Date.now();
  const session: Session = { client: undefined, actor: 'bench', reason: null, nowMs, lockWaitMs: 5000 };
  const store = openStore(file);
  const { client } = await store
    .admin(session)
    .create({ name: 'Liffey Cars', timeZone: 'Europe/Dublin', country: 'IE' });
  const api = await store.open(session);
  const { token } = await api.call('token.create', { name: 'bench', role: 'ADMIN' });
  await api.call('settings.set', { settings: { 'dispatch.approvedScpDrivers': true } });
  await api.call('clientCapability.create', { code: 'WAV' });
  await api.call('specialCategoryPassenger.create', { ref: 'SCP-1', displayName: 'Aoife K.' });
  const group = await api.call('scheduleExclusionGroup.create', { name: 'School holidays' });
  const first = await api.call('driver.create', {
    callsign: 'D',
    firstName: 'Ann',
    lastName: 'Byrne',
    clientCapabilities: ['WAV'],
  });
  await api.call('driverScp.create', { driver: { id: first.id }, scp: 'SCP-1', mode: 'HARD' });
  const run = await api.call('recurringTrip.create', {
    ref: 'SR',
    name: 'St Brigid’s, morning',
    tripSegments: [{ scps: ['SCP-1'] }],
    times: [{ time: '08:15', weekdays: ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] }],
    exclusionLinks: [{ group: { id: group.id } }],
  });
  await api.close();
  const database = openSqlite({ file, lockWaitMs: 5000 });
  await database.write(async (queries) => {
    const ids = await nextIds(queries, count * 3, nowMs);
    const take = () => ids.pop() as Id;
    await copies(queries, client.id, driver, first.id, count, take, (values, index) => ({
      ...values,
      callsign: `D${index}`,
      lastName: `Byrne ${index}`,
    }));
    await copies(queries, client.id, recurringTrip, run.id, count, take, (values, index) => ({
      ...values,
      ref: `SR-${index}`,
      times: (values['times'] as readonly object[]).map((time) => ({ ...time, id: take() })),
    }));
  });
  await database.close();
  const today = dayAt(Math.floor(nowMs / 1000) as Instant, 'Europe/Dublin');
  return { client: client.id, token, group: group.id, day: addDays(today, 1) };
}

async function copies(
  queries: Queries,
  client: Id,
  definition: RecordDefinition,
  from: Id,
  count: number,
  take: () => Id,
  change: (values: StoredRecord['values'], index: number) => StoredRecord['values'],
): Promise<void> {
  const [model] = await loadRecords(queries, client, definition, [from]);
  if (model === undefined) throw new Error('the model is there');
  for (let index = 1; index < count; index += 1)
    await insertRecord(queries, client, definition, {
      ...model,
      id: take(),
      values: change(model.values, index),
    });
}
