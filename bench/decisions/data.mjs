import { distinct, filledDatabase, numbers } from '../support/filled.mjs';

/** The clock of all that is asked, 2026-01-12 12:00 UTC, and the day whose trips are decided. */
export const NOW = 1_768_219_200;
export const DAY = 20260113;
const DAY_START = 1_768_262_400;

/** Stored trips that are asked about one at a time. */
export const FEW = 'T-FEW';
export const ALL = 'T-ALL';

export const CAPABILITIES =
  'WAV CHILD_SEAT FEMALE ESTATE MPV EV PET SIGN AIRPORT NIGHT FIRST_AID STRETCHER'.split(' ');

/**
 * How much there is of each at a scale; at 1: 100,000 drivers, 1,000,000 favourites, 200,000 approvals, 300,000 driver
 * capabilities, 10,000 trips on each of three days.
 *
 * @param {number} scale
 */
export const sizes = (scale) => ({
  drivers: Math.round(100_000 * scale),
  customers: Math.round(200_000 * scale),
  scps: Math.round(20_000 * scale),
  trips: Math.round(10_000 * scale),
});

/**
 * A client with so much to decide.
 *
 * @param {number} [scale]
 * @param {string} [program]
 * @returns {Promise<string>} the file of the database
 */
export const decisionsDatabase = (scale = 1, program) =>
  filledDatabase('decisions', scale, [import.meta.url], (filling) => fill(filling, sizes(scale)), program);

/** @param {import('../support/filled.mjs').Filling} filling @param {ReturnType<typeof sizes>} size */
function fill({ into, id, client, connection }, size) {
  const random = numbers(20_260_113);
  connection
    .prepare('update client set settings = ?')
    .run(JSON.stringify({ 'dispatch.approvedScpDrivers': true }));
  const stamps = ['client_id', 'id', 'created_date', 'updated_date'];
  const stamped = () => /** @type {const} */ ([client, id(), NOW - 1_000_000, NOW - 1_000_000]);

  const capability = into('client_capability', [...stamps, 'code', 'code_folded']);
  const capabilities = CAPABILITIES.map((code) => {
    const row = stamped();
    capability(...row, code, code.toLowerCase());
    return row[1];
  });
  const linked = (/** @type {string} */ table) => {
    const put = into(table, ['client_id', 'owner_id', 'target_id', 'ordinal']);
    return (/** @type {bigint} */ owner, /** @type {readonly number[]} */ which) => {
      for (const [ordinal, one] of which.entries()) put(client, owner, capabilities[one], ordinal);
    };
  };

  const driver = into('driver', [
    ...stamps,
    ...['callsign', 'callsign_folded', 'first_name', 'last_name', 'status', 'full_name_folded'],
  ]);
  const driverCapability = linked('driver_client_capability');
  const drivers = Array.from({ length: size.drivers }, (_driver, index) => {
    const row = stamped();
    const last = `Byrne ${index}`;
    const state = random(20);
    const status = state === 0 ? 'SUSPENDED' : state === 1 ? 'INACTIVE' : 'ACTIVE';
    driver(...row, `D${index}`, `d${index}`, 'Ann', last, status, `ann ${last.toLowerCase()}`);
    driverCapability(row[1], distinct(random, 1 + random(5), CAPABILITIES.length));
    return row[1];
  });

  const customer = into('customer', [...stamps, 'first_name', 'last_name', 'phone', 'full_name_folded']);
  const customers = Array.from({ length: size.customers }, (_customer, index) => {
    const row = stamped();
    customer(...row, 'Bo', `Li ${index}`, `+35386${String(index).padStart(7, '0')}`, `bo li ${index}`);
    return row[1];
  });
  const scp = into('scp', [...stamps, 'ref', 'ref_folded', 'display_name', 'display_name_folded']);
  const scps = Array.from({ length: size.scps }, (_scp, index) => {
    const row = stamped();
    scp(...row, `SCP-${index}`, `scp-${index}`, `Aoife ${index}`, `aoife ${index}`);
    return row[1];
  });

  const pref = ['driver_id', 'mode', 'priority', 'expires_at'];
  /** Seven in ten never lapse, two lapse later, some of them before the next day's pickups, one has lapsed. */
  const expiry = () => {
    const which = random(10);
    if (which < 7) return null;
    return which < 9 ? NOW + 3600 * (1 + random(2000)) : NOW - 3600 * (1 + random(2000));
  };
  const favourite = into('driver_customer', [...stamps, 'customer_id', ...pref]);
  for (const owner of customers)
    for (const which of distinct(random, 5, drivers.length)) {
      const mode = random(20);
      const text = mode < 14 ? 'SOFT' : mode < 17 ? 'HARD' : 'BLOCK';
      favourite(...stamped(), owner, drivers[which], text, random(4), expiry());
    }
  const approval = into('driver_scp', [...stamps, 'scp_id', ...pref]);
  for (const owner of scps)
    for (const which of distinct(random, 10, drivers.length)) {
      const mode = random(20);
      const text = mode < 16 ? 'HARD' : mode < 19 ? 'SOFT' : 'BLOCK';
      approval(...stamped(), owner, drivers[which], text, random(4), expiry());
    }

  const trip = into('trip', [...stamps, 'ref', 'ref_folded', 'pickup_at', 'status', 'day']);
  const segment = into('trip_trip_segment', ['client_id', 'owner_id', 'position', 'customer_id']);
  const segmentScp = into('trip_trip_segment_scp', [
    'client_id',
    'owner_id',
    'position',
    'target_id',
    'ordinal',
  ]);
  const tripCapability = linked('trip_client_capability');
  /**
   * @param {string} ref
   * @param {number} day counted from `DAY`
   * @param {readonly (bigint | undefined)[]} riders
   * @param {readonly (bigint | undefined)[]} approved
   * @param {readonly number[]} required
   */
  const makeTrip = (ref, day, riders, approved, required) => {
    const row = stamped();
    const pickup = DAY_START + day * 86_400 + 60 * random(24 * 60);
    const status = random(50) === 0 ? 'CANCELLED' : 'SCHEDULED';
    trip(...row, ref, ref.toLowerCase(), pickup, status, DAY + day);
    tripCapability(row[1], required);
    if (riders.length === 0 && approved.length > 0) segment(client, row[1], 0, null);
    for (const [position, one] of riders.entries()) segment(client, row[1], position, one);
    for (const [ordinal, one] of approved.entries()) segmentScp(client, row[1], 0, one, ordinal);
  };
  makeTrip(FEW, 5, [customers[1]], [scps[1]], [0]);
  makeTrip(ALL, 5, [], [], []);
  for (const day of [-1, 0, 1])
    for (let index = 0; index < size.trips; index += 1) {
      const riders = distinct(random, 1 + (random(4) === 0 ? random(3) : 0), customers.length);
      const approved = random(5) === 0 ? distinct(random, 1 + random(2), scps.length) : [];
      const required = distinct(random, [0, 0, 1, 1, 2][random(5)] ?? 0, CAPABILITIES.length);
      makeTrip(
        `T${day + 1}-${index}`,
        day,
        riders.map((one) => customers[one]),
        approved.map((one) => scps[one]),
        required,
      );
    }
}
