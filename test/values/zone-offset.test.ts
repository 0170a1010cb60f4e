import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import * as TemporalInstant from 'temporal-polyfill/fns/instant';
import * as PlainDateTime from 'temporal-polyfill/fns/plaindatetime';
import * as ZonedDateTime from 'temporal-polyfill/fns/zoneddatetime';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../src/values/instant.ts';
import { clockAt, readClock } from '../../src/values/zone.ts';
import { offsetSeconds } from '../../src/values/zone-offset.ts';

const ZONES = Intl.supportedValuesOf('timeZone');
/** At all times of day, from 1900 to 2033; the polyfill does not know the rules long after that. */
const INSTANTS = Array.from({ length: 60 }, (_, n) => (-2_200_000_000 + n * 70_123_417) as Instant);

const zoned = (i: Instant, zone: string) =>
  TemporalInstant.toZonedDateTimeISO(TemporalInstant.fromEpochSeconds(i), zone);
const expected = (i: Instant, zone: string) => ZonedDateTime.offsetNanoseconds(zoned(i, zone)) / 1e9;

/** The instants around the changes of a zone's clocks in a year. */
function changes(zone: string, year: number): Instant[] {
  const start = Date.UTC(year, 0, 1) / 1000;
  const days = Array.from({ length: 366 }, (_, n) => (start + n * 86_400) as Instant);
  return days.filter((i) => offsetSeconds(i, zone) !== offsetSeconds((i + 86_400) as Instant, zone));
}

describe('offsets', () => {
  it('are those of Temporal in every zone', () => {
    for (const zone of ZONES)
      for (const i of INSTANTS)
        expect([zone, i, offsetSeconds(i, zone)]).toEqual([zone, i, expected(i, zone)]);
  });

  it('are the same by the clock of the process, which keeps its zone', () => {
    const asked = ZONES.flatMap((zone) =>
      INSTANTS.filter((_, n) => n % 6 === 0).map((i) => [zone, (2 * i + 2_200_000_000) as Instant] as const),
    );
    const { before, after, offsets } = inProcess(
      1_000_000,
      asked.map(([zone, i]) => [i, zone]),
    );
    expect(after).toBe(before);
    const told = asked.flatMap(([zone, i], n) => (offsets[n] === null ? [] : [[zone, i, offsets[n]]]));
    expect(told).toEqual(told.map(([zone, i]) => [zone, i, offsetSeconds(i as Instant, String(zone))]));
    expect(told.length).toBeGreaterThan(asked.length / 2);
  });

  it('are asked of the process only a few times, and only for zones that it knows', () => {
    const now = 1_768_204_800 as Instant;
    const later = (now + 2_592_000) as Instant;
    const asked = [
      [now, 'Europe/Atlantis'],
      [now, 'Asia/Kolkata'],
      [now, 'Asia/Kolkata'],
      [later, 'Asia/Kolkata'],
    ] as const;
    expect(inProcess(2, asked).offsets).toEqual([null, 19_800, 19_800, null]);
    expect(() => offsetSeconds(now, 'Europe/Atlantis')).toThrow(RangeError);
  });
});

/** Asks the clock of a process of its own: those of the tests' threads do not follow their environment. */
function inProcess(most: number, asked: readonly (readonly [Instant, string])[]) {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('../../src/host.ts', import.meta.url))],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
  });
  const script = `${outputFiles[0]?.text}
    const { before = null } = { before: process.env.TZ };
    const source = module.exports.fewOffsets(${most});
    const offsets = ${JSON.stringify(asked)}.map(([i, zone]) => source(i, zone) ?? null);
    console.log(JSON.stringify({ before, offsets, after: process.env.TZ ?? null }));`;
  const { stdout } = spawnSync(process.execPath, ['-'], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as { before: string | null; after: string | null; offsets: (number | null)[] };
}

describe('a clock', () => {
  it.each([
    'Europe/Dublin',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'America/Havana',
    'Antarctica/Troll',
  ])('is read as Temporal reads it around every change of 2026 in %s', (zone) => {
    const around = changes(zone, 2026);
    expect(around.length).toBeGreaterThan(1);
    for (const day of around)
      for (let i = day; i < day + 90_000; i = (i + 900) as Instant) {
        const { year, month, date, hour, minute, second } = clockAt(i, zone);
        for (const late of [0, 1, 2]) {
          const clock = { year, month, date, hour: (hour + late) % 24, minute, second };
          const local = PlainDateTime.create(year, month, date, clock.hour, minute, second);
          const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
            ZonedDateTime.epochSeconds(PlainDateTime.toZonedDateTime(local, zone, { disambiguation })),
          );
          const reading = readClock(clock, zone);
          const found =
            reading.kind === 'ONE'
              ? [reading.instant, reading.instant]
              : reading.kind === 'REPEATED'
                ? [reading.first, reading.second]
                : [reading.earlier, reading.later];
          expect([zone, clock, found]).toEqual([zone, clock, [earlier, later]]);
        }
      }
  });
});
