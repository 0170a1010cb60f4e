import { allTables } from '../../src/db/migrations.ts';
import { SCHEMA_VERSION } from '../../src/db/schema-version.ts';
import type { Table } from '../../src/db/table.ts';
import { tablesOf } from '../../src/db/tables.ts';
import type { RecordDefinition } from '../../src/records/definition.ts';
import {
  boolean,
  choice,
  day,
  type Field,
  handle,
  instant,
  integer,
  items,
  reference,
  references,
  tags,
  text,
  weekdays,
} from '../../src/records/field.ts';
import { definitionOf } from '../../src/records/registry.ts';

/** The version that comes after the program's own. */
export const NEXT = SCHEMA_VERSION + 1;
const help = 'Came later.';
const since = NEXT;
/** What a rule, a handle or a whole definition says that came later by itself. */
const own = { since };
export const driver = definitionOf('Driver');
const customer = definitionOf('Customer');
const trip = definitionOf('Trip');

/** A definition with one more field, and with rules that are about it. */
export const grown = (
  known: RecordDefinition,
  name: string,
  field: Field,
  rules: Partial<Pick<RecordDefinition, 'handles' | 'unique'>> = {},
): RecordDefinition => ({
  ...known,
  fields: { ...known.fields, [name]: field },
  handles: [...known.handles, ...(rules.handles ?? [])],
  unique: [...known.unique, ...(rules.unique ?? [])],
});

/** All tables, those of the definition as it says now. */
export function tablesWith(definition: RecordDefinition): readonly Table[] {
  const own = tablesOf(definition);
  const others = allTables.filter((table) => !own.some((one) => one.name === table.name));
  return [...own, ...others];
}

export const inner = {
  note: text({ help }),
  brand: reference('Brand', { help }),
  groups: references('Group', { help }),
};
const addresses = customer.fields['addresses'] as Field & { kind: 'items' };
const segments = trip.fields['tripSegments'] as Field & { kind: 'items' };

/** Every kind of change that a definition can make to the tables by saying `since`. */
export const changes: readonly (readonly [string, RecordDefinition])[] = [
  ['text', grown(driver, 'badge', text({ since, help }))],
  [
    'text, required with a default',
    grown(driver, 'badge', text({ since, help, required: true, default: "o'n" })),
  ],
  [
    'handle that is unique',
    grown(driver, 'licence', handle({ since, help }), {
      handles: [{ name: 'licence', fields: ['licence'] }],
      unique: [{ fields: ['licence'] }],
    }),
  ],
  [
    'handle that is not unique, with a default',
    grown(driver, 'licence', handle({ since, help, default: 'NONE' }), {
      handles: [{ name: 'licence', fields: ['licence'] }],
    }),
  ],
  [
    'handle that joins fields',
    grown(driver, 'middleName', text({ since, help }), {
      handles: [{ name: 'formal name', fields: ['lastName', 'middleName'] }],
    }),
  ],
  ['choice', grown(driver, 'shift', choice(['EARLY', 'LATE'], { since, help }))],
  [
    'choice with a default',
    grown(driver, 'shift', choice(['EARLY', 'LATE'], { since, help, default: 'LATE' })),
  ],
  [
    'integer, required with a default',
    grown(driver, 'seats', integer({ since, help, required: true, default: 4 })),
  ],
  ['boolean', grown(driver, 'smoker', boolean({ since, help }))],
  ['boolean with a default', grown(driver, 'smoker', boolean({ since, help, default: true }))],
  [
    'boolean that a rule depends on',
    grown(driver, 'isLead', boolean({ since, help, default: false }), {
      unique: [{ fields: [], only: 'isLead' }],
    }),
  ],
  ['day', grown(driver, 'day', day({ since, help }))],
  ['expiry', grown(driver, 'expiresAt', instant({ since, help, day: 'through' }))],
  ['weekdays with a default', grown(driver, 'works', weekdays({ since, help, default: ['MON', 'WED'] }))],
  ['reference', grown(driver, 'homeBrand', reference('Brand', { since, help }))],
  ['reference to its own kind', grown(driver, 'mentor', reference('Driver', { since, help }))],
  [
    'reference that is part of a uniqueness rule',
    grown(driver, 'homeBrand', reference('Brand', { since, help }), {
      unique: [{ fields: ['homeBrand', 'phone'] }],
    }),
  ],
  ['reference on a kind that much refers to', grown(trip, 'brand', reference('Brand', { since, help }))],
  ['references', grown(driver, 'brands', references('Brand', { since, help }))],
  ['tags', grown(driver, 'tags', tags({ since, help }))],
  ['items', grown(driver, 'cards', items(inner, { since, help }))],
  [
    'text in items',
    grown(customer, 'addresses', {
      ...addresses,
      fields: { ...addresses.fields, gate: text({ since, help, default: '' }) },
    }),
  ],
  [
    'reference and references in items that have links',
    grown(trip, 'tripSegments', {
      ...segments,
      fields: {
        ...segments.fields,
        brand: reference('Brand', { since, help }),
        drivers: references('Driver', { since, help }),
      },
    }),
  ],
  [
    'rule about older fields',
    grown(driver, 'badge', text({ since, help }), { unique: [{ fields: ['phone'], ...own }] }),
  ],
  [
    'rule about an older handle',
    grown(definitionOf('Brand'), 'colour', text({ since, help }), { unique: [{ fields: ['name'], ...own }] }),
  ],
  [
    'handle of an older field',
    grown(driver, 'badge', text({ since, help }), {
      handles: [{ name: 'phone', fields: ['phone'], ...own }],
    }),
  ],
  [
    'kind of record',
    {
      ...grown(driver, 'homeBrand', reference('Brand', { help, required: true })),
      table: 'depot',
      ...own,
    },
  ],
];
