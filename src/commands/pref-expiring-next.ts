import type { ExpiringForecast } from '../contract/forecast.ts';
import { driverCustomer } from '../records/driver-customer.ts';
import { driverScp } from '../records/driver-scp.ts';
import type { ForecastFinding, Lapse } from '../resolver/forecast.ts';
import type { ExclusionCode, ListRef } from '../resolver/reasons.ts';
import { addDays, formatDay } from '../values/day.ts';
import { type Instant, isoInstant } from '../values/instant.ts';
import { dayAt } from '../values/zone.ts';
import type { CommandContext } from './context.ts';
import { recordText } from './record-text.ts';
import { suggested } from './suggested.ts';
import { shellWord } from './words.ts';

/** The most renewals that are written out. */
const MOST_WRITTEN = 5;

/** What to type about the first finding, a command a line; all of them are needed. */
export async function nextCommands(
  { findings, now }: ExpiringForecast,
  context: CommandContext,
): Promise<readonly string[]> {
  const [first] = findings;
  if (first === undefined) return [];
  const { timeZone } = await context.clock();
  const lapses = first.lapses.filter((lapse) => isWorthIt(lapse, first));
  if (lapses.length === 0) return [suggested(await lookedAt(first, timeZone, context), context.globals)];
  const lines: string[] = [];
  for (const lapse of lapses.slice(0, MOST_WRITTEN))
    lines.push(suggested(await renewal(lapse, now, timeZone, context), context.globals));
  const more = lapses.length - lines.length;
  return more === 0 ? lines : [...lines, `and ${more} more: see -o json`];
}

/** To renew the row of a driver who may not drive at all would lock the list, and bring nobody. */
const isWorthIt = ({ driver }: Lapse, { drivers }: ForecastFinding): boolean =>
  !drivers.some(({ id, reasons }) => id === driver.id && reasons.some(({ code }) => HOPELESS.has(code)));

const HOPELESS: ReadonlySet<ExclusionCode> = new Set(['DRIVER_NOT_ACTIVE', 'MISSING_CAPABILITY', 'BLOCKED']);

/** Renews a row through the end of a day, a year after it lapses or after today. */
async function renewal(
  { list, preference, expiresAt }: Lapse,
  now: Instant,
  timeZone: string,
  context: CommandContext,
): Promise<string> {
  const day = addDays(dayAt(Math.max(now, expiresAt) as Instant, timeZone), 365);
  const until = `--expires ${formatDay(day)}`;
  if (list.kind === 'CUSTOMER') {
    const row = await context.call('driverCustomer.get', { ref: preference });
    const driver = recordText(driverCustomer, 'driver', row, { timeZone, for: 'programs' });
    // A customer's name or telephone may be that of somebody else, too.
    return `tph pref renew --driver ${shellWord(driver)} --customer ${list.id} ${until}`;
  }
  const row = await context.call('driverScp.get', { ref: preference });
  const [driver = '', scp = ''] = ['driver', 'scp'].map((name) =>
    shellWord(recordText(driverScp, name, row, { timeZone, for: 'programs' })),
  );
  return `tph pref renew --driver ${driver} --scp ${scp} ${until}`;
}

/** Where no row can be renewed: why nobody is left. */
async function lookedAt(
  { lists, runs }: ForecastFinding,
  timeZone: string,
  context: CommandContext,
): Promise<string> {
  const flags: string[] = [];
  for (const list of lists) flags.push(await flagOf(list, context));
  const [run] = runs;
  const pickup = run === undefined ? '' : ` --pickup ${isoInstant(run.pickupAt, timeZone)}`;
  return `tph eligible ${flags.join(' ')}${pickup} --explain`;
}

async function flagOf({ kind, id }: ListRef, context: CommandContext): Promise<string> {
  if (kind === 'CUSTOMER') return `--customer ${id}`;
  const { ref } = await context.call('specialCategoryPassenger.get', { ref: id });
  return `--scp ${shellWord(String(ref))}`;
}
