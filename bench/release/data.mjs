import { distinct, filledDatabase, numbers } from '../support/filled.mjs';

/** The clock of all that is asked, 2026-01-12 12:00 UTC, and the day that is released, a Tuesday. */
export const NOW = 1_768_219_200;
export const DAY = 20260113;
/** The day's first second where the client is, and the bit of its weekday. */
export const DAY_START = 1_768_262_400;
export const WEEKDAY = 1 << 1;

/**
 * How much there is of each at a scale; at 1: 100,000 recurring trips that go out on the day, 300,000 links to 2,000
 * groups.
 *
 * @param {number} scale
 */
export const sizes = (scale) => ({ runs: Math.round(100_000 * scale), groups: Math.round(2000 * scale) });

/**
 * A client with so many runs.
 *
 * @param {number} [scale]
 * @param {string} [program]
 * @returns {Promise<string>} the file of the database
 */
export const releaseDatabase = (scale = 1, program) =>
  filledDatabase('release', scale, [import.meta.url], (filling) => fill(filling, sizes(scale)), program);

/** @param {import('../support/filled.mjs').Filling} filling @param {ReturnType<typeof sizes>} size */
function fill({ into, id, client }, size) {
  const random = numbers(20_260_113);
  const stamps = ['client_id', 'id', 'created_date', 'updated_date'];
  const stamped = () => /** @type {const} */ ([client, id(), NOW - 1_000_000, NOW - 1_000_000]);

  const group = into('schedule_exclusion_group', [
    ...stamps,
    ...['name', 'name_folded', 'mode', 'start_day', 'end_day', 'schedule_resume_day'],
  ]);
  // Of a hundred groups five are switched off, three are off by their window, two would be but for their override.
  const groups = Array.from({ length: size.groups }, (_group, index) => {
    const row = stamped();
    const state = index % 100;
    const mode = state < 5 ? 'RUN_OFF' : state < 7 ? 'RUN_ON' : 'RUN_SCHEDULE';
    const isWindow = state >= 5 && state < 10;
    const window = isWindow ? [DAY - 3, DAY + 3] : state < 50 ? [DAY + 30, DAY + 60] : [null, null];
    group(...row, `Group ${index}`, `group ${index}`, mode, ...window, state === 0 ? DAY + 5 : null);
    return row[1];
  });

  const run = into('recurring_trip', [
    ...stamps,
    'ref',
    'ref_folded',
    'name',
    'active',
    'start_day',
    'end_day',
  ]);
  const owned = ['client_id', 'owner_id', 'position'];
  const time = into('recurring_trip_time', [...owned, 'id', 'time', 'weekdays', 'is_return', 'end_day']);
  const skip = into('recurring_trip_skip', [...owned, 'day', 'time', 'reason']);
  const link = into('recurring_trip_exclusion_link', [...owned, 'group_id', 'time_id']);
  for (let index = 0; index < size.runs; index += 1) {
    const row = stamped();
    const ref = `SR-${index}`;
    run(...row, ref, ref.toLowerCase(), `School run ${index}`, 1, null, null);
    const timeId = id();
    const at = 7 * 60 + 5 * random(24);
    const text = `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    const weekdays = random(4) === 0 ? WEEKDAY : 0b11111;
    time(client, row[1], 0, timeId, text, weekdays, random(10) === 0 ? 1 : 0, null);
    if (random(20) === 0) skip(client, row[1], 0, DAY + random(3), null, 'no school');
    for (const [position, one] of distinct(random, 3, groups.length).entries())
      link(client, row[1], position, groups[one], random(5) === 0 ? timeId : null);
  }
}
