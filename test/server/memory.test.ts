import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operationTable } from '../../src/contract/http.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { writtenForm } from '../../src/server/written-form.ts';
import { addDays, type Day } from '../../src/values/day.ts';
import { NOW_MS, shop } from './support.ts';

const oneOf = (count: number) => fc.nat({ max: count - 1 });
const where = fc.constantFrom('file', 'server');
const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '"', '\\', '𝒳'), minLength: 1, maxLength: 6 });
const step = fc.record({
  where,
  change: fc.oneof(
    fc.record({ kind: fc.constant('driver' as const), index: oneOf(3), lastName: text }),
    fc.record({ kind: fc.constant('capability' as const), name: text }),
    fc.record({ kind: fc.constant('gone' as const), index: oneOf(3) }),
    fc.record({
      kind: fc.constant('approval' as const),
      index: oneOf(3),
      mode: fc.constantFrom('HARD', 'BLOCK'),
    }),
    fc.record({ kind: fc.constant('settings' as const), on: fc.boolean() }),
  ),
});

describe('what a server keeps in memory', () => {
  it('is never older than the last change, whoever made it', async () => {
    const home = await shop();
    const { api } = home;
    const wav = await api.call('clientCapability.create', { code: 'WAV' });
    await api.call('specialCategoryPassenger.create', { ref: 'SCP-1', displayName: 'Aoife K.' });
    const drivers: string[] = [];
    for (const callsign of ['D1', 'D2', 'D3']) {
      const input = { callsign, firstName: 'Ann', lastName: 'B', clientCapabilities: ['WAV'] };
      drivers.push((await api.call('driver.create', input)).id);
    }
    const call = async (on: string, name: string, ref: string, input: object = {}) => {
      if (on === 'file') return api.call(name as 'driver.update', { ref, ...input });
      const isDelete = name.endsWith('.delete');
      const request = isDelete ? { method: 'DELETE' } : { method: 'POST', body: input };
      return expect(await home.send(pathOf(name, ref), request)).toMatchObject({ status: 200 });
    };
    const paths = ['', '?limit=2', '?deleted=true', ...drivers.map((id) => `/${id}`)].map(
      (end) => `/driver${end}`,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        for (const { where: on, change } of steps) {
          const ref = drivers['index' in change ? change.index : 0] as string;
          const { deletedAt } = await api.call('driver.get', { ref });
          if (change.kind === 'driver' && deletedAt === null)
            await call(on, 'driver.update', ref, { lastName: change.lastName });
          if (change.kind === 'capability')
            await call(on, 'clientCapability.update', wav.id, { name: change.name });
          if (change.kind === 'settings')
            await api.call('settings.set', { settings: { 'dispatch.approvedScpDrivers': change.on } });
          if (change.kind === 'approval')
            await api
              .call('driverScp.create', {
                driver: { id: ref as never },
                scp: 'SCP-1',
                mode: change.mode as never,
              })
              .catch(() => {});
          if (change.kind === 'gone') {
            await call(on, deletedAt === null ? 'driver.delete' : 'driver.restore', ref);
          }
          const seen = await Promise.all([
            ...paths.map((path) => home.get(path)),
            home.get('/eligible?scps=SCP-1&explain=true'),
            home.get('/driverscp'),
          ]);
          expect(seen).toEqual(
            JSON.parse(
              JSON.stringify([
                await api.call('driver.list', {}),
                await api.call('driver.list', { limit: 2 }),
                await api.call('driver.list', { deleted: true }),
                ...(await Promise.all(drivers.map((id) => api.call('driver.get', { ref: id })))),
                await api.call('eligible.adHoc', { scps: ['SCP-1'], explain: true }),
                await api.call('driverScp.list', {}),
              ]),
            ),
          );
        }
      }),
      { numRuns: 8 },
    );
  });

  it('ends with the token that it was for', async () => {
    const home = await shop();
    const token = await home.token({
      name: 'brief',
      role: 'ADMIN',
      expiresAt: (NOW_MS / 1000 + 60) as never,
    });
    expect((await home.send('/driver', { token })).status).toBe(200);
    home.at(NOW_MS + 59_000);
    expect((await home.send('/driver', { token })).status).toBe(200);
    home.at(NOW_MS + 60_000);
    expect((await home.send('/driver', { token })).status).toBe(401);
    home.at(NOW_MS);
    expect((await home.send('/driver', { token })).status).toBe(200);
    await home.api.call('token.revoke', { ref: 'brief' });
    expect((await home.send('/driver', { token })).status).toBe(401);
  });

  it('does not keep an override beyond its day', async () => {
    const home = await shop();
    const today = 20260112 as Day;
    const group = await home.api.call('scheduleExclusionGroup.create', { name: 'Holidays' });
    const over = { mode: 'RUN_OFF', startDay: today, endDay: today, scheduleResumeDay: addDays(today, 1) };
    await home.post(`/scheduleexclusiongroup/${group.id}/mode`, over);
    const modes = async () => [
      (await home.get(`/scheduleexclusiongroup/${group.id}`)).mode,
      (await home.get('/scheduleexclusiongroup')).items[0].mode,
    ];
    expect(await modes()).toEqual(['RUN_OFF', 'RUN_OFF']);
    home.at(NOW_MS + 86_400_000);
    expect(await modes()).toEqual(['RUN_SCHEDULE', 'RUN_SCHEDULE']);
  });
});

const pathOf = (name: string, ref: string): string => {
  const [kind = '', verb] = name.split('.');
  return `/${kind.toLowerCase()}/${ref}${verb === 'restore' ? '/restore' : ''}`;
};

describe('a request that takes long', () => {
  it('lets others be answered before it is done', async () => {
    const home = await shop();
    const times = Array.from({ length: 50 }, (_one, minute) => ({
      time: `08:${String(minute).padStart(2, '0')}`,
      weekdays: ['MON'],
    }));
    for (let index = 0; index < 40; index += 1)
      await home.api.call('recurringTrip.create', { ref: `SR-${index}`, times });
    const done: string[] = [];
    const release = home.post('/release', { day: 20260119 }).then(({ summary }) => {
      done.push('release');
      return summary;
    });
    const others = Promise.all(
      [1, 2].map(() => home.get('/recurringtrip?limit=1').then(() => done.push('list'))),
    );
    expect(await release).toMatchObject({ created: 2000 });
    await others;
    expect(done).toEqual(['list', 'list', 'release']);
  });
});

describe('the text of an answer', () => {
  const reads = operationTable['driver.list'] as Operation;
  const entry = fc.jsonValue({ maxDepth: 2 });
  const list = fc
    .tuple(fc.array(entry, { minLength: 1, maxLength: 5 }), fc.constantFrom(1, 7, 499, 501, 1600))
    .map(([entries, count]) =>
      Array.from({ length: count }, (_one, index) => entries[index % entries.length]),
    );
  const output = fc.dictionary(
    fc.string(),
    fc.oneof(entry, list, fc.record({ inner: list }), fc.constant(undefined)),
  );

  it('is that of JSON.stringify, with long lists and pages too', async () => {
    const outputs = fc.oneof(output, fc.record({ items: list, nextCursor: fc.option(fc.string()) }));
    await fc.assert(
      fc.asyncProperty(outputs, async (value) => {
        for (let again = 0; again < 2; again += 1)
          expect(String((await writtenForm(reads, value)).json)).toBe(JSON.stringify(value));
      }),
      { numRuns: 60 },
    );
  });
});
