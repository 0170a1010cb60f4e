import type { ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { Register } from './context.ts';

/** A first word on the command line: what it is for, and where its commands are, loaded only when it is used. */
export interface Noun {
  readonly noun: string;
  readonly summary: string;
  readonly group: (typeof GROUPS)[number];
  /** The kinds whose create, list, show, update, delete and restore it has. */
  readonly kinds: readonly ObjectType[];
  /** What it can do besides. */
  readonly load?: () => Promise<{ readonly register: Register }>;
}

export const GROUPS = [
  'Decisions:',
  'Schedules and preferences:',
  'Records:',
  'Setting up and looking after:',
] as const;

const command = (
  group: Noun['group'],
  noun: string,
  summary: string,
  load: NonNullable<Noun['load']>,
): Noun => ({
  noun,
  summary,
  group,
  kinds: [],
  load,
});

const records = (group: Noun['group'], kind: ObjectType, load?: NonNullable<Noun['load']>): Noun => ({
  noun: definitionOf(kind).noun,
  summary: definitionOf(kind).summary,
  group,
  kinds: [kind],
  ...(load === undefined ? {} : { load }),
});

const [DECISIONS, SCHEDULES, RECORDS, HOUSEKEEPING] = GROUPS;

/** Every noun, in the order of `tph --help`. */
export const nouns: readonly Noun[] = [
  command(
    DECISIONS,
    'eligible',
    'Who may drive a trip, and why not the others.',
    () => import('./eligible.ts'),
  ),
  command(
    DECISIONS,
    'release',
    'Which recurring trips go out on a day; with --commit, creates them.',
    () => import('./release.ts'),
  ),
  records(SCHEDULES, 'ScheduleExclusionGroup', () => import('./exclusion.ts')),
  records(SCHEDULES, 'RecurringTrip', () => import('./recurring.ts')),
  records(SCHEDULES, 'Trip'),
  {
    noun: 'pref',
    summary: 'Favourite and approved drivers: who is asked for, required or never sent.',
    group: SCHEDULES,
    kinds: ['DriverScp', 'DriverCustomer'],
    load: () => import('./pref.ts'),
  },
  records(RECORDS, 'Driver'),
  records(RECORDS, 'Customer', () => import('./customer.ts')),
  records(RECORDS, 'SpecialCategoryPassenger'),
  records(RECORDS, 'Account'),
  records(RECORDS, 'AccountDepartment', () => import('./dept.ts')),
  records(RECORDS, 'AccountEmployee'),
  records(RECORDS, 'Brand'),
  records(RECORDS, 'ClientCapability'),
  records(RECORDS, 'Group'),
  records(HOUSEKEEPING, 'Client'),
  command(HOUSEKEEPING, 'init', 'Make a database with its first client.', () => import('./init.ts')),
  command(
    HOUSEKEEPING,
    'demo',
    'See what the program does, on a database that is thrown away.',
    () => import('./demo.ts'),
  ),
  command(HOUSEKEEPING, 'settings', 'What the client has set, with defaults.', () => import('./settings.ts')),
  command(
    HOUSEKEEPING,
    'import',
    'Import records from a CSV file; list imports, take one back.',
    () => import('./import.ts'),
  ),
  command(
    HOUSEKEEPING,
    'export',
    'Write records as CSV that an import reads back.',
    () => import('./export.ts'),
  ),
  command(
    HOUSEKEEPING,
    'log',
    'The audit trail: who, when, what before, what after, why.',
    () => import('./log.ts'),
  ),
  command(
    HOUSEKEEPING,
    'db',
    'The whole database: status, check, backup, restore, copy, migrate.',
    () => import('./db.ts'),
  ),
  command(
    HOUSEKEEPING,
    'doctor',
    'What is wrong with the data or the database, and how to mend it.',
    () => import('./doctor.ts'),
  ),
  command(HOUSEKEEPING, 'serve', 'Serve the same operations over HTTP.', () => import('./serve.ts')),
  command(
    HOUSEKEEPING,
    'token',
    'Who may use the server, as whom, and for how long.',
    () => import('./token.ts'),
  ),
  command(
    HOUSEKEEPING,
    'profile',
    'Remote instances to work on instead of a database.',
    () => import('./profile.ts'),
  ),
  command(HOUSEKEEPING, 'auth', 'Sign in to a remote instance.', () => import('./auth.ts')),
  command(HOUSEKEEPING, 'api', 'Send a remote instance one request, as written.', () => import('./api.ts')),
  command(
    HOUSEKEEPING,
    'completion',
    'Completion of commands, flags and records for bash, zsh and fish.',
    () => import('./completion.ts'),
  ),
];
