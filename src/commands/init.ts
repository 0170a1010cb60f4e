import type { DatabaseAdmin, NewClient } from '../contract/database.ts';
import { client } from '../records/client.ts';
import { isCountry } from '../values/country.ts';
import { withoutPassword } from '../values/database-url.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { canonicalTimeZone } from '../values/zone-name.ts';
import type { CommandContext, Register } from './context.ts';
import { saidDryRun } from './dry-run.ts';
import { naming } from './session.ts';
import { shellWord } from './words.ts';

interface InitFlags {
  readonly name?: string;
  readonly timeZone?: string;
  readonly country?: string;
}

const INIT_FIELDS = ['location', 'client'];

/** `tph init`: a database with its first client (spec section 5). */
export const register: Register = (command, context) => {
  command
    .argument('[name]', 'name of the operator company; or give --name')
    .option('--name <text>', client.fields.name.help)
    .option('--time-zone <zone>', client.fields.timeZone.help)
    .option('--country <code>', client.fields.country.help)
    .examples([
      'tph init',
      'tph init "Liffey Cars" --time-zone Europe/Dublin --country IE',
      'tph init "Liffey Cars" --time-zone Europe/Dublin --country IE --db ./liffey.db',
    ])
    .action(async (given: string | undefined, flags: InitFlags) => {
      if (given !== undefined && flags.name !== undefined && given !== flags.name)
        throw invalid('two names are given', 'give the name once', [
          { field: '--name', value: flags.name, message: 'given twice' },
        ]);
      await context.expectFields(INIT_FIELDS);
      const wanted = await wantClient(context, { ...flags, ...(given === undefined ? {} : { name: given }) });
      const admin = await context.admin();
      const { dryRun } = context.globals;
      const value = dryRun ? await wouldCreate(admin, wanted) : await admin.create(wanted);
      await context.answer({
        value,
        isReport: true,
        fields: INIT_FIELDS,
        idOf: () => value.client.id ?? '',
        draw: (ink) => [
          `${dryRun ? 'would make' : 'made'} ${value.location ?? 'a new database'}`,
          `  with the client ${ink.strong(wanted.name)}${value.client.id === null ? '' : ` ${ink.dim(value.client.id)}`}, ${wanted.timeZone}, ${wanted.country}`,
        ],
      });
      await (dryRun ? saidDryRun(context) : sayWhatNext(context));
    });
};

async function wantClient(context: CommandContext, flags: InitFlags): Promise<NewClient> {
  const { need } = context;
  const name = await need.text(flags.name, {
    flag: '--name',
    question: 'Name of the operator company?',
    example: 'Liffey Cars',
  });
  const zone = await need.text(flags.timeZone, {
    flag: '--time-zone',
    question: 'IANA time zone in which its days begin and end?',
    example: 'Europe/Dublin',
    initial: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    check: readTimeZone,
  });
  const timeZone = readTimeZone(zone);
  const country = await need.text(flags.country, {
    flag: '--country',
    question: 'Country, two letters, in which national phone numbers are read?',
    example: 'IE',
    check: readCountry,
  });
  return { name, timeZone, country: readCountry(country) };
}

const readTimeZone = (text: string): string =>
  naming('--time-zone', text, () => {
    const zone = canonicalTimeZone(text.trim());
    if (zone !== undefined) return zone;
    throw invalid(`${quote(text)} is not an IANA time zone`, 'give one such as Europe/Dublin');
  });

const readCountry = (text: string): string =>
  naming('--country', text, () => {
    const code = text.trim().toUpperCase();
    if (isCountry(code)) return code;
    throw invalid(`${quote(text)} is not a country`, 'give ISO 3166-1 alpha-2, such as IE');
  });

/** What `create` would answer; CONFLICT where there is a client already, as there. */
export async function wouldCreate(admin: DatabaseAdmin, wanted: NewClient) {
  const location = await locationOfEmpty(admin);
  return { location, client: { id: null, ...wanted }, dryRun: true };
}

async function locationOfEmpty(admin: DatabaseAdmin): Promise<string | null> {
  try {
    const { location, clients } = await admin.status();
    const [first] = clients;
    if (first === undefined) return location;
    throw new TphError(
      'CONFLICT',
      `the database ${quote(location)} has the client ${quote(first.name)} already`,
      {
        hint: 'add another with `tph client create`, or name another database with --db',
      },
    );
  } catch (error) {
    if (error instanceof TphError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

async function sayWhatNext(context: CommandContext): Promise<void> {
  const { db } = context.globals;
  const on = db === undefined ? '' : ` --db ${shellWord(withoutPassword(db))}`;
  const lines = [
    'next:',
    `  tph driver create D7 --first-name Ann --last-name Byrne${on}`,
    `  tph customer create --first-name Bo --phone "085 012 3456"${on}`,
    `  tph settings list${on}`,
    '  tph demo',
  ];
  for (const line of lines) await context.note(line);
}
