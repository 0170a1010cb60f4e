import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Api, InputOf, OperationName } from '../../contract/api.ts';
import { operationPrefix } from '../../contract/names.ts';
import { operations } from '../../contract/operations.ts';
import type { Values } from '../../records/definition.ts';
import type { Fields, ObjectType } from '../../records/field.ts';
import { definitionOf } from '../../records/registry.ts';
import type { Day } from '../../values/day.ts';
import { parseDayInput } from '../../values/day.ts';
import { invalid } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import { type Instant, parseInstantInput } from '../../values/instant.ts';

/** The files of an example operator in the order in which their records refer to each other, and the kind of each. */
const files: readonly (readonly [string, ObjectType])[] = [
  ['brands', 'Brand'],
  ['capabilities', 'ClientCapability'],
  ['groups', 'Group'],
  ['drivers', 'Driver'],
  ['accounts', 'Account'],
  ['departments', 'AccountDepartment'],
  ['customers', 'Customer'],
  ['scps', 'SpecialCategoryPassenger'],
  ['employees', 'AccountEmployee'],
  ['exclusions', 'ScheduleExclusionGroup'],
  ['recurring', 'RecurringTrip'],
  ['favourites', 'DriverCustomer'],
  ['approvals', 'DriverScp'],
  ['trips', 'Trip'],
];

export interface ExampleClient {
  readonly name: string;
  readonly timeZone: string;
  readonly country: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Where the example operator's files stand, beside the program. */
export function exampleFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'examples', 'liffey-cars');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw invalid('the example operator is not beside the program', 'install tph again');
  }
}

const read = (folder: string, name: string): unknown =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));

export const exampleClient = (folder: string): ExampleClient => read(folder, 'client') as ExampleClient;

/** Creates every record of the example through the operations, each input checked against the contract. Answers counts by plural. */
export async function loadExample(
  api: Api,
  folder: string,
  clock: { readonly now: Instant; readonly today: Day },
): Promise<Readonly<Record<string, number>>> {
  const z = await import('zod');
  const counts: Record<string, number> = {};
  for (const [file, type] of files) {
    const definition = definitionOf(type);
    const name = `${operationPrefix(type)}.create` as OperationName;
    const schema = operations[name].input(z);
    const rows = read(folder, file) as readonly Values[];
    for (const row of rows) {
      const { exclusionLinks, ...own } = row;
      const input = schema.parse(stored(definition.fields, own, api.client.timeZone, clock)) as InputOf<
        typeof name
      >;
      const made = (await api.call(name, input)) as { readonly id: Id };
      await link(api, made.id, exclusionLinks);
    }
    counts[definition.plural] = rows.length;
  }
  return counts;
}

async function link(api: Api, recurring: string, links: unknown): Promise<void> {
  for (const one of (links ?? []) as readonly { readonly group: string; readonly time?: string }[])
    await api.call('scheduleExclusionGroup.link', { ref: one.group, recurring, time: one.time });
}

/** Days and instants may be written as people type them (spec section 2). */
function stored(
  fields: Fields,
  row: Values,
  timeZone: string,
  clock: { readonly now: Instant; readonly today: Day },
): Values {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const field = fields[name];
      if (typeof value !== 'string') return [name, value];
      if (field?.kind === 'instant')
        return [name, parseInstantInput(value, { now: clock.now, timeZone, day: field.day })];
      if (field?.kind === 'day') return [name, parseDayInput(value, clock.today)];
      return [name, value];
    }),
  );
}
