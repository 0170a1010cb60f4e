import * as z from 'zod';
import { type Forecast, type ForecastFacts, forecast } from '../../src/resolver/forecast.ts';
import type { ListRef } from '../../src/resolver/reasons.ts';
import type { PreferenceList, PreferenceRow } from '../../src/resolver/trip-list.ts';
import { formatDay } from '../../src/values/day.ts';
import type { Id } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import { isoInstant } from '../../src/values/instant.ts';
import { Names, readInstant, releaseFacts } from './world.ts';

const name = z.string().min(1);
const group = z.strictObject({
  mode: z.enum(['RUN_SCHEDULE', 'RUN_ON', 'RUN_OFF']),
  start: name.optional(),
  end: name.optional(),
  resume: name.optional(),
});

const world = z.strictObject({
  now: name,
  until: name,
  zone: name.optional(),
  settings: z
    .strictObject({
      favouriteDrivers: z.boolean().optional(),
      approvedScpDrivers: z.boolean().optional(),
      lapsedHardList: z.enum(['IGNORE', 'LOCK']).optional(),
    })
    .optional(),
  /** By callsign: `ACTIVE WAV` — the status, then capabilities. `DELETED`: not considered. */
  drivers: z.record(name, name),
  /** By passenger, `scp Aoife` or `customer Bo`: `D1 HARD`, `D1 HARD until 2026-02-01T00:00:00Z`, ` deleted` last. */
  lists: z.record(name, z.array(name)),
  groups: z.record(name, group).optional(),
  /** By ref; `riders` as in `lists`. */
  runs: z.record(
    name,
    z.strictObject({
      riders: z.array(name),
      times: z.array(name),
      capabilities: z.array(name).optional(),
      active: z.boolean().optional(),
      start: name.optional(),
      end: name.optional(),
      skips: z.array(z.strictObject({ day: name, reason: name.optional() })).optional(),
      groups: z.array(name).optional(),
    }),
  ),
});

const outcome = z.strictObject({
  /** In order. */
  findings: z.array(
    z.strictObject({
      code: name,
      already: z.literal(true).optional(),
      /** None when absent. */
      lostAt: name.optional(),
      lists: z.array(name),
      /** By callsign, what keeps each out: `NOT_ON_HARD_LIST Aoife`. */
      drivers: z.record(name, z.array(name)),
      /** The rows whose lapse does it: `D1 for Aoife`. */
      lapses: z.array(name),
      /** By ref: the first time, and how many: `2026-02-02 08:15 x20`. */
      runs: z.record(name, name),
    }),
  ),
  unconsulted: z.array(name).optional(),
});

export const forecastCases = z.strictObject({
  theme: name,
  cases: z.array(z.strictObject({ name, world, expect: outcome })),
});
export type ForecastWorld = z.infer<typeof world>;

export function forecastFacts(given: ForecastWorld): ForecastFacts {
  const names = new Names();
  const drivers = Object.entries(given.drivers).map(([callsign, text]) => {
    const [status = '', ...capabilities] = text.split(' ');
    return { id: names.add('driver', callsign), callsign, name: `Driver ${callsign}`, status, capabilities };
  });
  const lists = new Map(
    Object.entries(given.lists).map(([owner, rows]) => [owner, listOf(owner, rows, names)] as const),
  );
  const recurring = Object.fromEntries(
    Object.entries(given.runs).map(([ref, { riders: _riders, capabilities: _capabilities, ...run }]) => [
      ref,
      run,
    ]),
  );
  const released = releaseFacts({
    day: '2026-01-01',
    recurring,
    ...(given.groups === undefined ? {} : { groups: given.groups }),
  });
  return {
    now: readInstant(given.now),
    until: readInstant(given.until),
    client: released.client,
    timeZone: given.zone ?? 'Europe/Dublin',
    runs: released.recurringTrips.map((run) => ({
      run,
      lists: (given.runs[run.ref]?.riders ?? []).map((rider) => {
        const list = lists.get(rider);
        if (list === undefined) throw new Error(`the world has no ${rider}`);
        return list;
      }),
      requiredCapabilities: given.runs[run.ref]?.capabilities ?? [],
    })),
    drivers: drivers.filter(({ status }) => status !== 'DELETED') as unknown as ForecastFacts['drivers'],
    settings: {
      preferredDriverHoldSeconds: 120,
      favouriteDrivers: given.settings?.favouriteDrivers ?? true,
      approvedScpDrivers: given.settings?.approvedScpDrivers ?? true,
      lapsedHardList: given.settings?.lapsedHardList ?? 'LOCK',
    },
  };
}

function listOf(owner: string, rows: readonly string[], names: Names): PreferenceList {
  const [kind = '', who = ''] = owner.split(' ');
  const id = names.add(kind, who);
  return {
    kind: kind === 'scp' ? 'SCP' : 'CUSTOMER',
    id,
    name: who,
    rows: rows.map((text, index) => readRow(text, names, names.add('row', `${owner} ${index}`))),
  };
}

function readRow(text: string, names: Names, id: Id): PreferenceRow {
  const match = /^(\S+) (HARD|SOFT|BLOCK)(?: until (\S+))?( deleted)?$/.exec(text);
  if (match === null) throw new Error(`not a row of a list: ${text}`);
  return {
    id,
    driver: names.get('driver', match[1] ?? ''),
    mode: match[2] as PreferenceRow['mode'],
    priority: 0,
    expiresAt: match[3] === undefined ? null : readInstant(match[3]),
    deleted: match[4] !== undefined,
  };
}

const utc = (instant: Instant): string => isoInstant(instant, 'UTC').replace('+00:00', 'Z');
const owners = (lists: readonly ListRef[]): string[] => lists.map((list) => list.name);

/** A forecast in the words of the cases. */
export function forecastOutcome({ findings, unconsulted }: Forecast): z.infer<typeof outcome> {
  return {
    findings: findings.map(({ code, already, lostAt, lists, drivers, lapses, runs }) => ({
      code,
      ...(already ? { already: true as const } : {}),
      ...(lostAt === null ? {} : { lostAt: utc(lostAt) }),
      lists: owners(lists),
      drivers: Object.fromEntries(
        drivers.map(({ callsign, reasons }) => [
          callsign ?? '',
          reasons.map((reason) =>
            [
              reason.code,
              ...('list' in reason ? [reason.list.name] : []),
              ...('capability' in reason ? [reason.capability] : []),
            ].join(' '),
          ),
        ]),
      ),
      lapses: lapses.map(({ driver, list }) => `${driver.callsign ?? driver.id} for ${list.name}`),
      runs: Object.fromEntries(
        runs.map((run) => [run.recurringTrip.ref, `${formatDay(run.day)} ${run.time} x${run.occurrences}`]),
      ),
    })),
    ...(unconsulted.length === 0 ? {} : { unconsulted: owners(unconsulted) }),
  };
}

export const foresee = (given: ForecastWorld) => forecastOutcome(forecast(forecastFacts(given)));
